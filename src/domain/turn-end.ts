import type { TurnEnd } from './live.ts';
import { lastUseOf, type Session } from './session.ts';

/**
 * Returns when the last turn of a resting session ended, on the host's clock: if unknown, when the session last
 * changed.
 */
export function turnEndedAt(session: Pick<Session, 'updated' | 'endedAt'>, end: TurnEnd | undefined): number {
  return end !== undefined && session.updated <= end.until ? end.endedAt : lastUseOf(session);
}
