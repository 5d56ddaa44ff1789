import { access } from 'node:fs/promises';
import { setImmediate } from 'node:timers/promises';
import { type Discovery, discoverHosts } from '../discovery/discover.ts';
import type { Host } from '../domain/host.ts';
import type { Snapshot } from '../domain/snapshot.ts';
import { FleetStore } from '../fleet/fleet-store.ts';
import { hostsDiscovered, snapshotsRestored } from '../fleet/fleet-transitions.ts';
import { messageOf, UserError } from '../lib/errors.ts';
import { createSnapshotCache, type SnapshotCache } from '../probe/snapshot-cache.ts';
import { fleetSettings } from './fleet-settings.ts';
import type { Setup } from './setup.ts';

/** The fleet as known before any host was asked. */
export interface OpenedFleet {
  readonly fleet: FleetStore;
  readonly discovery: Discovery;
  readonly cache: SnapshotCache | null;
  readonly warnings: readonly string[];
  /** Restores the other hosts, in slices between which frames and keys go first. Returns warnings. */
  restoreRest(): Promise<readonly string[]>;
}

/** Leaves out the snapshots of hosts with a shell whose name an instance has now, and the other way round. */
function ofTheSameKind(snapshots: ReadonlyMap<string, Snapshot>, hosts: readonly Host[]): Map<string, Snapshot> {
  const instances = new Set(hosts.filter(({ route }) => route.kind === 'url').map(({ alias }) => alias));
  return new Map(
    [...snapshots].filter(([alias, { connection }]) => (connection?.kind === 'url') === instances.has(alias)),
  );
}

/** Hosts restored at a time while the screen is up. */
const SLICE_HOSTS = 10;

/**
 * Finds the hosts, and restores the last snapshots of the `first` ones: as many as are visible. Rejects with a
 * UserError if a named ssh config does not exist.
 */
export async function openFleet(setup: Setup, first: number): Promise<OpenedFleet> {
  const { config, sources } = setup;
  if (sources.sshConfigGiven) {
    await access(sources.sshConfigFile).catch((cause: unknown) => {
      throw new UserError(`${sources.sshConfigFile}: cannot read the ssh config: there is no such file`, { cause });
    });
  }
  const fleet = new FleetStore(fleetSettings(config));
  const notKept = (folder: string) => (error: unknown) =>
    setup.notices.add(folder, `${folder}: cannot save what ocr learnt about the hosts: ${messageOf(error)}`);
  const discovery = await discoverHosts(config.hosts, sources, config.discovery.commands, config.instances);
  fleet.setState(hostsDiscovered(discovery.hosts));
  const cache =
    setup.snapshotFolder === null ? null : createSnapshotCache(setup.snapshotFolder, notKept(setup.snapshotFolder));
  const aliases = discovery.hosts.map(({ alias }) => alias);
  const restore = async (from: number, to: number): Promise<readonly string[]> => {
    const restored = await cache?.load(aliases.slice(from, to));
    if (restored === undefined) return [];
    fleet.setState(snapshotsRestored(ofTheSameKind(restored.snapshots, discovery.hosts)));
    return restored.warnings;
  };
  const warnings = [...setup.warnings, ...discovery.warnings, ...(await restore(0, first))];
  const restoreRest = async () => {
    const more: string[] = [];
    for (let from = first; from < aliases.length; from += SLICE_HOSTS) {
      await setImmediate();
      more.push(...(await restore(from, from + SLICE_HOSTS)));
    }
    return more;
  };
  return { fleet, discovery, cache, warnings, restoreRest };
}
