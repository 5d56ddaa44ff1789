import type { LiveStatus } from '../domain/live.ts';
import { lastUseOf, type Session } from '../domain/session.ts';

export const SESSION_STATUSES = [
  'waiting',
  'working',
  'retry',
  'errored',
  'active',
  'idle',
  'cold',
  'archived',
  'interrupted',
  'unknown',
] as const;
export type SessionStatus = (typeof SESSION_STATUSES)[number];

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

/** Milliseconds in which the server of a new turn may not have reported it yet. */
const SETTLING_MS = 10_000;

/** A server's report about a session. */
export interface ServerWord {
  readonly status: LiveStatus;
  /** True if a request waits for the user. */
  readonly waiting: boolean;
}

/**
 * Returns the status of a session. A server's word on a session at work counts most. Without it, an unended turn is `working` only while it is young
 * and an unseen opencode process could be working on it. Without such a process it was `interrupted`. Otherwise it is `unknown`: the database alone
 * cannot tell a long tool call from a killed process.
 */
export function sessionStatus(session: Session, context: StatusContext, word: ServerWord | null = null): SessionStatus {
  if (session.archived !== null) return 'archived';
  if (word?.waiting) return 'waiting';
  if (word?.status.kind === 'retry') return 'retry';
  if (word?.status.kind === 'busy') return 'working';
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
