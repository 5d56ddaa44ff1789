import { requestsByRoot } from '../domain/attention.ts';
import { type HostEntry, hostStatus } from '../domain/fleet.ts';
import type { LiveHost } from '../domain/live.ts';
import { isFollowed } from '../domain/server.ts';
import type { Session } from '../domain/session.ts';
import {
  SESSION_STATUSES,
  type ServerWord,
  type SessionStatus,
  type StatusContext,
  sessionStatus,
} from '../domain/session-status.ts';
import type { Snapshot } from '../domain/snapshot.ts';
import { selectHostTree } from './project-tree.ts';
import type { ViewSettings } from './settings.ts';

export interface FleetCounts {
  readonly hosts: number;
  readonly online: number;
  readonly refreshing: number;
  /** Hosts that were asked and could not be read. */
  readonly failed: number;
  /** Hosts that let the user in but run no commands; not an error. */
  readonly noShell: number;
  /** Hosts without opencode; not an error either. */
  readonly noOpencode: number;
  /** Visible root sessions. */
  readonly sessions: number;
  readonly byStatus: Readonly<Record<SessionStatus, number>>;
}

/** What a session's status on a host is judged by at a time (epoch milliseconds, this machine's clock). */
export function statusContext(entry: HostEntry, settings: ViewSettings, now: number): StatusContext {
  return {
    now: now + (entry.snapshot?.clockOffset ?? 0),
    activeThreshold: settings.activeThreshold,
    idleThreshold: settings.idleThreshold,
    // Processes of a host that did not answer are unknown.
    processes: entry.fresh ? (entry.snapshot?.processes ?? null) : null,
    unseen: entry.fresh ? unseenProcesses(entry) : null,
  };
}

/**
 * Counts the opencode processes that may work silently. Leaves out servers that were followed before the host was last polled: they would have
 * reported work. `null` if the host does not tell its processes.
 */
function unseenProcesses({ snapshot, live }: HostEntry): number | null {
  if (snapshot === null || snapshot.processes === null) return null;
  const followed = [...live.servers.values()].filter(({ state, since }) => isFollowed(state) && since <= snapshot.at);
  return Math.max(0, snapshot.processes - new Set(followed.map(({ server }) => server.pid)).size);
}

/** What a session's server says of it; `null` when no server has. */
export function serverWord({ live, snapshot }: HostEntry, session: Session): ServerWord | null {
  if (live.sessions.size === 0 && live.requests.size === 0) return null;
  const told = live.sessions.get(session.id);
  const waiting = requestsByRoot(snapshot?.sessions ?? [], live.requests).has(session.id) || asks(live, session.id);
  return told === undefined && !waiting ? null : { status: told?.status ?? { kind: 'idle' }, waiting };
}

const asking = new WeakMap<LiveHost['requests'], ReadonlySet<string>>();

/** Does the session itself, a root or a subagent's, ask something? */
function asks({ requests }: LiveHost, id: string): boolean {
  const known = asking.get(requests) ?? new Set([...requests.values()].map(({ request }) => request.sessionId));
  asking.set(requests, known);
  return known.has(id);
}

/** Status of a session of a host at a time (epoch milliseconds, this machine's clock). */
export function statusOf(entry: HostEntry, session: Session, settings: ViewSettings, now: number): SessionStatus {
  return sessionStatus(session, statusContext(entry, settings, now), serverWord(entry, session));
}

type StatusCounts = Record<SessionStatus, number>;
const noCounts = (): StatusCounts => Object.fromEntries(SESSION_STATUSES.map((status) => [status, 0])) as StatusCounts;

/** Counts by snapshot, for a minute: what is young enough to be active changes no faster than people look. */
const counted = new WeakMap<
  Snapshot,
  { minute: number; settings: ViewSettings; live: LiveHost; fresh: boolean; counts: StatusCounts }
>();

/** Counts a host's visible root sessions by state, the same ones as its row. */
export function countStatuses(entry: HostEntry, settings: ViewSettings, now: number): Readonly<StatusCounts> {
  if (entry.snapshot === null) return noCounts();
  const minute = Math.floor(now / 60_000);
  const known = counted.get(entry.snapshot);
  const { live, fresh } = entry;
  const same = known?.minute === minute && known.settings === settings && known.live === live && known.fresh === fresh;
  if (same) return known.counts;
  const context = statusContext(entry, settings, now);
  const counts = noCounts();
  for (const { sessions } of selectHostTree(entry.snapshot.sessions, settings).projects) {
    for (const session of sessions) counts[sessionStatus(session, context, serverWord(entry, session))] += 1;
  }
  if (!settings.showArchived) counts.archived = countArchived(entry.snapshot.sessions);
  counted.set(entry.snapshot, { minute, settings, live, fresh, counts });
  return counts;
}

function countArchived(sessions: readonly Session[]): number {
  let count = 0;
  for (const { parentId, archived } of sessions) if (parentId === null && archived !== null) count += 1;
  return count;
}

/** Counts for the header. */
export function countFleet(entries: ReadonlyMap<string, HostEntry>, settings: ViewSettings, now: number): FleetCounts {
  const byStatus = noCounts();
  const total = { hosts: 0, online: 0, refreshing: 0, failed: 0, noShell: 0, noOpencode: 0, sessions: 0 };
  for (const entry of entries.values()) {
    total.hosts += 1;
    if (entry.refreshing) total.refreshing += 1;
    if (hostStatus(entry) === 'online' && entry.fresh) total.online += 1;
    if (entry.failure?.status === 'no-shell') total.noShell += 1;
    else if (entry.failure?.status === 'no-opencode') total.noOpencode += 1;
    else if (entry.failure !== null) total.failed += 1;
    const counts = countStatuses(entry, settings, now);
    for (const status of SESSION_STATUSES) {
      byStatus[status] += counts[status];
      if (status !== 'archived' || settings.showArchived) total.sessions += counts[status];
    }
  }
  return { ...total, byStatus };
}
