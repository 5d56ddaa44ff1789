import { requestsByRoot } from '../domain/attention.ts';
import type { HostEntry } from '../domain/fleet.ts';
import { isAtWork, type LiveHost, type LiveStatus } from '../domain/live.ts';
import { isFollowed } from '../domain/server.ts';
import { lastUseOf, type Session } from '../domain/session.ts';
import type { SessionStatus } from './session-status.ts';
import type { FleetSettings } from './settings.ts';
import { subagentsOf } from './subagents.ts';

/** Input for a session's status. */
export interface StatusContext {
  /** Epoch milliseconds on the host's clock. */
  readonly now: number;
  /** Milliseconds: younger than this is `active`. */
  readonly activeThreshold: number;
  /** Milliseconds: older than this is `cold`. */
  readonly idleThreshold: number;
  /** The user's opencode processes on the host; `null` if they cannot be counted. */
  readonly processes: number | null;
  /** Processes among them that may work unseen, since no followed server accounts for them; `null` if they cannot be counted. */
  readonly unseen: number | null;
}

/** A server's report about a session. */
interface ServerReport {
  readonly status: LiveStatus;
  /** True if a request waits for the user. */
  readonly waiting: boolean;
}

/** Milliseconds in which a new turn's server may not have reported it yet. */
const SETTLING_MS = 10_000;

/**
 * Returns the status of a session. A server's report of a session at work counts most. Without it, an unended turn is
 * `working` only while it is young and an unseen opencode process could be working on it. Without such a process it was
 * `interrupted`. Otherwise it is `unknown`: the database alone cannot tell a long tool call from a killed process.
 */
export function sessionStatus(
  session: Session,
  context: StatusContext,
  report: ServerReport | null = null,
): SessionStatus {
  if (session.archived !== null) return 'archived';
  if (report?.waiting) return 'waiting';
  if (report?.status.kind === 'retry') return 'retry';
  if (report?.status.kind === 'busy') return 'working';
  const age = context.now - lastUseOf(session);
  if (session.turn === 'open') return openTurnStatus(age, context);
  if (session.turn === 'failed') return 'errored';
  if (age > context.idleThreshold) return 'cold';
  if (age <= context.activeThreshold) return 'active';
  return session.turn === 'unknown' ? 'unknown' : 'idle';
}

function openTurnStatus(age: number, { activeThreshold, processes, unseen }: StatusContext): SessionStatus {
  if (unseen === null) return 'unknown';
  if (unseen > 0) return age <= activeThreshold ? 'working' : 'unknown';
  return processes !== 0 && age < SETTLING_MS ? 'working' : 'interrupted';
}

/** One for all sessions of a host: tables ask for each of them. */
const contexts = new WeakMap<HostEntry, { settings: FleetSettings; now: number; context: StatusContext }>();

/** Returns the input for a session's status on a host at a time (epoch milliseconds, this machine's clock). */
export function statusContext(entry: HostEntry, settings: FleetSettings, now: number): StatusContext {
  const known = contexts.get(entry);
  if (known?.settings === settings && known.now === now) return known.context;
  const context = {
    now: now + (entry.snapshot?.clockOffset ?? 0),
    activeThreshold: settings.activeThreshold,
    idleThreshold: settings.idleThreshold,
    // Processes of a host that did not answer are unknown.
    processes: entry.fresh ? (entry.snapshot?.processes ?? null) : null,
    unseen: entry.fresh ? unseenProcesses(entry) : null,
  };
  contexts.set(entry, { settings, now, context });
  return context;
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
export function serverReport({ live, snapshot }: HostEntry, session: Session): ServerReport | null {
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

/** Returns the status of a host's session at a time (epoch milliseconds, this machine's clock). */
export function statusOf(entry: HostEntry, session: Session, settings: FleetSettings, now: number): SessionStatus {
  return sessionStatus(session, statusContext(entry, settings, now), serverReport(entry, session));
}

/** `unsure`: no server says whether it works, and its last turn has not ended. */
export type Work = 'working' | 'unsure' | 'resting';

/** Tells if a session works or waits for the user, archived or not. */
export function workOf(entry: HostEntry, session: Session): Work {
  const report = serverReport(entry, session);
  if (report !== null) return report.waiting || isAtWork(report.status) ? 'working' : 'resting';
  return session.turn === 'open' || session.turn === 'unknown' ? 'unsure' : 'resting';
}

/** Tells if a session or one of its subagents' waits for the user or works, archived or not; `null` if it may be put away. */
export function ongoingWork(
  entry: HostEntry,
  session: Session,
  settings: FleetSettings,
  now: number,
): 'waiting' | 'working' | null {
  for (const one of [session, ...subagentsOf(entry, session)]) {
    const status = statusOf(entry, { ...one, archived: null }, settings, now);
    if (status === 'waiting') return 'waiting';
    if (status === 'retry' || status === 'working' || workOf(entry, one) === 'working') return 'working';
  }
  return null;
}
