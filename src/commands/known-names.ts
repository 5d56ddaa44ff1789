import { endpointOf } from '../domain/host.ts';
import type { FleetStore } from '../fleet/fleet-store.ts';

let listNames: () => readonly string[] = () => [];

/** Lets crash reports leave out the names of a fleet's hosts. */
export function hideNamesOf(fleet: FleetStore): void {
  listNames = () =>
    [...fleet.getState().entries.values()].flatMap(({ host: { alias, label, route } }) => {
      const user = route.kind === 'ssh' ? route.options.user : null;
      return [alias, label, endpointOf(route)?.hostname ?? null, user].filter((name) => name !== null);
    });
}

/** Returns the aliases, labels, hostnames and user names of the known hosts. */
export function knownNames(): readonly string[] {
  // This machine's own alias is a word of our messages.
  return [...new Set(listNames())].filter((name) => name !== 'local');
}
