import type { TurnEnd } from './live.ts';
import { lastUseOf, type Session } from './session.ts';

/** When the last turn of a session that rests ended, on the host's clock: without a word of it, when the session was changed last. */
export function turnEndedAt(session: Pick<Session, 'updated' | 'endedAt'>, end: TurnEnd | undefined): number {
  return end !== undefined && session.updated <= end.until ? end.endedAt : lastUseOf(session);
}
