import type { HostEntry } from '../domain/fleet.ts';
import { isLive } from '../domain/live.ts';
import { possibleTime } from '../domain/possible-time.ts';
import type { Session } from '../domain/session.ts';
import { NOTHING_SEEN, type Seen } from '../fleet/seen.ts';
import { selectHostAttention } from '../fleet/select-attention.ts';
import { statusOf } from '../fleet/session-state.ts';
import type { FleetSettings } from '../fleet/settings.ts';
import type { SessionReport } from './session-schema.ts';

/** Version of `sessionReportSchema`: raised when a field changes its meaning or goes, not when one is added. */
export const SESSION_REPORT_VERSION = 1;

/** Describes a session for scripts at a time (epoch milliseconds, this machine's clock). */
export function describeSession(
  entry: HostEntry,
  session: Session,
  settings: FleetSettings,
  now: number,
  seen: Seen = NOTHING_SEEN,
): SessionReport {
  const status = statusOf(entry, session, settings, now);
  const attention = selectHostAttention(entry, seen, settings, now).get(session.id)?.attention ?? null;
  return {
    host: entry.host.alias,
    project: session.project,
    directory: session.directory,
    id: session.id,
    parentId: session.parentId,
    title: session.title,
    status,
    live: entry.live.sessions.has(session.id) || (isLive(entry.live) && session.turn !== 'open'),
    attention:
      attention === null
        ? null
        : {
            kind: attention.kind,
            since: isoTime(attention.since),
            requestId: attention.request?.id ?? null,
            detail: attention.detail,
          },
    createdAt: isoTime(session.created),
    updatedAt: isoTime(session.updated),
    archived: session.archived !== null,
    agent: session.agent,
    model: session.model,
    messages: session.messages,
    cost: session.cost,
    tokens: session.tokens,
    additions: session.additions,
    deletions: session.deletions,
    files: session.files,
  };
}

function isoTime(epoch: number): string {
  return new Date(possibleTime(epoch)).toISOString();
}
