import type { HostEntry } from '../../domain/fleet.ts';
import { statusOf } from '../../fleet/session-state.ts';
import type { Desk } from '../desk.ts';

export interface SessionCounts {
  /** Without archived ones and those of subagents. */
  readonly sessions: number;
  readonly working: number;
  readonly requests: number;
}

/** Counts a host's sessions as its row in the dashboard does. */
export function countSessions({ fleet, clock }: Desk, entry: HostEntry): SessionCounts {
  const { settings } = fleet.getState();
  const listed = (entry.snapshot?.sessions ?? []).filter(
    ({ parentId, archived }) => parentId === null && archived === null,
  );
  const isAtWork = new Set(['working', 'retry']);
  const now = clock();
  const working = listed.filter((session) => isAtWork.has(statusOf(entry, session, settings, now)));
  return { sessions: listed.length, working: working.length, requests: entry.live.requests.size };
}
