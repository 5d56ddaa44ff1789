import type { Session } from './session.ts';

const known = new WeakMap<readonly Session[], ReadonlyMap<string, number>>();

/** Returns the index of each session in a list, by id; computed once per list. */
export function placesOf(sessions: readonly Session[]): ReadonlyMap<string, number> {
  const places = known.get(sessions) ?? new Map(sessions.map(({ id }, index) => [id, index]));
  known.set(sessions, places);
  return places;
}

/** Records that a list has the same indexes: computing them takes long in a long list. */
export function keepPlaces(sessions: readonly Session[], places: ReadonlyMap<string, number>): void {
  known.set(sessions, places);
}
