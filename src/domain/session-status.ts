import type { Session } from './session.ts';

export const SESSION_STATUSES = ['working', 'errored', 'active', 'idle', 'cold', 'archived', 'unknown'] as const;
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

/**
 * Status of a session. A turn that never ended is `working` only while it is young and an opencode process runs that could be
 * working on it; else it is `unknown`, since the database alone cannot tell a long tool call from a killed process.
 */
export function sessionStatus(session: Session, context: StatusContext): SessionStatus {
  if (session.archived !== null) return 'archived';
  const age = context.now - session.updated;
  if (session.turn === 'open') {
    return age <= context.activeThreshold && context.processes !== 0 ? 'working' : 'unknown';
  }
  if (session.turn === 'failed') return 'errored';
  if (age > context.idleThreshold) return 'cold';
  if (age <= context.activeThreshold) return 'active';
  return session.turn === 'unknown' ? 'unknown' : 'idle';
}
