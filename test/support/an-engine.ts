import { onTestFinished } from 'vitest';
import { parseConfig } from '../../src/config/parse.ts';
import { Engine } from '../../src/engine/engine.ts';
import { fleetSettings } from '../../src/engine/fleet-settings.ts';
import type { OpenedFleet } from '../../src/engine/open-fleet.ts';
import { FleetStore } from '../../src/fleet/fleet-store.ts';
import { aSetup } from './a-setup.ts';
import { aHost, anEntry, aSnapshot } from './builders.ts';

/** Creates an engine of these hosts, which all are this machine, so that connecting needs no network. */
export function anEngine(yaml: string, aliases: readonly string[]) {
  const { config } = parseConfig(yaml, 'test.yaml');
  const fleet = new FleetStore(fleetSettings(config));
  const hosts = aliases.map((alias) => aHost({ alias, route: { kind: 'local' } }));
  const entries = hosts.map((host) => [host.alias, anEntry({ host, snapshot: aSnapshot() })] as const);
  fleet.setState({ entries: new Map(entries) });
  const opened = {
    ...{ fleet, cache: null, warnings: [], restoreRest: async () => [] },
    discovery: { hosts, warnings: [], resolver: { save: async () => {}, volatile: false } },
  } as unknown as OpenedFleet;
  const sources = { sshConfigFile: '/none', sshConfigGiven: false, home: '/', routeCacheFile: null };
  const setup = aSetup(config, sources);
  const engine = new Engine(opened, setup);
  onTestFinished(() => engine.close());
  return { engine, fleet, config };
}
