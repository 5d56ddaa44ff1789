import type { FleetStore } from '../fleet/fleet-store.ts';

export interface KnownSession {
  readonly id: string;
  readonly title: string;
  readonly host: string;
}

/** Sessions that a client lists or completes: the newest. */
const MAX_LISTED = 100;

/** Returns the newest sessions as last known, without archived ones and those of subagents. Asks no host. */
export function knownSessions(fleet: FleetStore): readonly KnownSession[] {
  return [...fleet.getState().entries.values()]
    .flatMap(({ host, snapshot }) => (snapshot?.sessions ?? []).map((session) => ({ host, session })))
    .filter(({ session }) => session.parentId === null && session.archived === null)
    .sort((a, b) => b.session.updated - a.session.updated)
    .slice(0, MAX_LISTED)
    .map(({ host, session: { id, title } }) => ({ id, title: title || 'untitled', host: host.alias }));
}

/** Returns the ids of known sessions that begin with what is typed, or whose title holds it. */
export function matchingIds(fleet: FleetStore, typed: string): string[] {
  const wanted = typed.toLowerCase();
  return knownSessions(fleet)
    .filter(({ id, title }) => id.toLowerCase().startsWith(wanted) || title.toLowerCase().includes(wanted))
    .map(({ id }) => id);
}
