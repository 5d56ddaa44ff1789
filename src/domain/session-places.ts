import type { Session } from './session.ts';

const known = new WeakMap<readonly Session[], ReadonlyMap<string, number>>();

/** Where each session stands in a list, by id; found once for each list. */
export function placesOf(sessions: readonly Session[]): ReadonlyMap<string, number> {
  const places = known.get(sessions) ?? new Map(sessions.map(({ id }, index) => [id, index]));
  known.set(sessions, places);
  return places;
}

/** Takes down that each session of a list stands where these places say: finding that takes long in a long list. */
export function keepPlaces(sessions: readonly Session[], places: ReadonlyMap<string, number>): void {
  known.set(sessions, places);
}
