import type { TurnEnd } from './live.ts';
import type { Session } from './session.ts';

/** When the last turn of a session that rests ended, on the host's clock: without a word of it, when the session was changed last. */
export function turnEndedAt({ updated }: Pick<Session, 'updated'>, end: TurnEnd | undefined): number {
  return end !== undefined && updated <= end.until ? end.endedAt : updated;
}
