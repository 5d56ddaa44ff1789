import { requestsByRoot } from '../domain/attention.ts';
import type { HostEntry } from '../domain/fleet.ts';
import type { LiveHost } from '../domain/live.ts';
import { isFollowed } from '../domain/server.ts';
import type { Session } from '../domain/session.ts';
import { type ServerWord, type SessionStatus, type StatusContext, sessionStatus } from './session-status.ts';
import type { FleetSettings } from './settings.ts';

/** Returns the input for a session's status on a host at a time (epoch milliseconds, this machine's clock). */
export function statusContext(entry: HostEntry, settings: FleetSettings, now: number): StatusContext {
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

/** Returns the server's report about a session; `null` if there is none. */
export function serverWord({ live, snapshot }: HostEntry, session: Session): ServerWord | null {
  if (live.sessions.size === 0 && live.requests.size === 0) return null;
  const told = live.sessions.get(session.id);
  const waiting = requestsByRoot(snapshot?.sessions ?? [], live.requests).has(session.id) || asks(live, session.id);
  return told === undefined && !waiting ? null : { status: told?.status ?? { kind: 'idle' }, waiting };
}

const asking = new WeakMap<LiveHost['requests'], ReadonlySet<string>>();

/** True if the session itself has a pending request, whether it is a root or a subagent's. */
function asks({ requests }: LiveHost, id: string): boolean {
  const known = asking.get(requests) ?? new Set([...requests.values()].map(({ request }) => request.sessionId));
  asking.set(requests, known);
  return known.has(id);
}

/** Status of a session of a host at a time (epoch milliseconds, this machine's clock). */
export function statusOf(entry: HostEntry, session: Session, settings: FleetSettings, now: number): SessionStatus {
  return sessionStatus(session, statusContext(entry, settings, now), serverWord(entry, session));
}
