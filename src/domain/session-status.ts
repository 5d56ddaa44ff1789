import type { LiveStatus } from './live.ts';
import type { Session } from './session.ts';

export const SESSION_STATUSES = [
  'waiting',
  'working',
  'retry',
  'errored',
  'active',
  'idle',
  'cold',
  'archived',
  'unknown',
] as const;
export type SessionStatus = (typeof SESSION_STATUSES)[number];

/** What a session's status is judged by. */
export interface StatusContext {
  /** Epoch milliseconds on the host's clock. */
  readonly now: number;
  /** Milliseconds: younger than this is `active`. */
  readonly activeThreshold: number;
  /** Milliseconds: older than this is `cold`. */
  readonly idleThreshold: number;
  /** How many opencode processes that user runs on the host; `null` when that was not to be learnt. */
  readonly processes: number | null;
}

/** What a server says of a session. */
export interface ServerWord {
  readonly status: LiveStatus;
  /** Something is asked of a person. */
  readonly waiting: boolean;
}

/**
 * Status of a session. What a server says of a session at work counts most. Without it a turn that never ended is `working` only while it is young
 * and an opencode process runs that could be working on it; else it is `unknown`, since the database alone cannot tell a long tool call from a killed
 * process.
 */
export function sessionStatus(session: Session, context: StatusContext, word: ServerWord | null = null): SessionStatus {
  if (session.archived !== null) return 'archived';
  if (word?.waiting) return 'waiting';
  if (word?.status.kind === 'retry') return 'retry';
  if (word?.status.kind === 'busy') return 'working';
  const age = context.now - session.updated;
  if (session.turn === 'open') {
    return age <= context.activeThreshold && context.processes !== 0 ? 'working' : 'unknown';
  }
  if (session.turn === 'failed') return 'errored';
  if (age > context.idleThreshold) return 'cold';
  if (age <= context.activeThreshold) return 'active';
  return session.turn === 'unknown' ? 'unknown' : 'idle';
}
