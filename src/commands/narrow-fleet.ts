import type { DiscoveredHosts } from '../discovery/discover.ts';
import { hostsDiscovered } from '../fleet/fleet-transitions.ts';
import { UserError } from '../lib/errors.ts';
import { nameOfTarget } from '../verbs/given-targets.ts';
import type { DeskFleet } from './desk-fleet.ts';

/** Returns the fleet with the named targets alone; whole, if none is named. Throws a UserError for one that does not exist. */
export function narrowFleet(whole: DeskFleet, named: readonly string[]): DeskFleet {
  if (named.length === 0) return whole;
  const { setup, opened, defaultTarget } = whole;
  const names = new Set(named.map((name) => nameOfTarget(setup.config, name)));
  const narrow = <Found extends DiscoveredHosts>(found: Found): Found => ({
    ...found,
    hosts: found.hosts.filter(({ alias }) => names.has(alias)),
  });
  const discovery = narrow(opened.discovery);
  const unknown = [...names].filter((name) => !discovery.hosts.some(({ alias }) => alias === name));
  if (unknown.length > 0) throw new UserError(`there is no host ${unknown.map((name) => `"${name}"`).join(', ')}`);
  opened.fleet.setState(hostsDiscovered(discovery.hosts));
  // The commands that list hosts may name others later.
  const again: typeof discovery.again = async (...given) => narrow(await opened.discovery.again(...given));
  return {
    setup,
    opened: { ...opened, discovery: { ...discovery, again } },
    defaultTarget: defaultTarget !== null && names.has(defaultTarget) ? defaultTarget : null,
  };
}
