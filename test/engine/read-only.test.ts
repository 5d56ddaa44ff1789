import { describe, expect, it, onTestFinished } from 'vitest';
import { parseConfig } from '../../src/config/parse.ts';
import { Engine } from '../../src/engine/engine.ts';
import { fleetSettings } from '../../src/engine/fleet-settings.ts';
import type { OpenedFleet } from '../../src/engine/open-fleet.ts';
import type { Setup } from '../../src/engine/setup.ts';
import { FleetStore } from '../../src/fleet/fleet-store.ts';
import { ReadOnlyError } from '../../src/fleet/read-only.ts';
import { silentLogger } from '../../src/lib/logger.ts';
import { Notices } from '../../src/lib/notices.ts';
import { aHost, anEntry, aSnapshot } from '../support/builders.ts';

const { signal } = new AbortController();

/** An engine that knows two hosts, which are this machine, so that connecting needs no network. */
function anEngine(yaml: string) {
  const config = parseConfig(yaml, 'test.yaml');
  const fleet = new FleetStore(fleetSettings(config));
  const hosts = ['kept', 'free'].map((alias) => aHost({ alias, route: { kind: 'local' } }));
  const entries = hosts.map((host) => [host.alias, anEntry({ host, snapshot: aSnapshot() })] as const);
  fleet.setState({ entries: new Map(entries) });
  const opened = {
    ...{ fleet, cache: null, warnings: [], restoreRest: async () => [] },
    discovery: { hosts, warnings: [], resolver: { save: async () => {} } },
  } as unknown as OpenedFleet;
  const sources = { sshConfigFile: '/none', sshConfigGiven: false, home: '/', routeCacheFile: null };
  const setup: Setup = {
    ...{ config, warnings: [], notices: new Notices(), sources, snapshotFolder: null, logger: silentLogger },
    closeLog: () => {},
  };
  const engine = new Engine(opened, setup);
  onTestFinished(() => engine.close());
  return { engine, fleet, config };
}

describe('a read-only host', () => {
  const onlyOne = 'hosts: {overrides: {kept: {readonly: true}}}';

  it('gives a writer neither a connection nor a client nor a server', async () => {
    const { engine } = anEngine(onlyOne);
    const context = engine.context({ exportFolder: '/exports', signal });
    const outcomes = await Promise.allSettled([
      context.transport('kept', 'write', signal),
      context.clientFor({ alias: 'kept', id: null }, 'write', signal),
      context.clientFor({ alias: 'kept', id: 'ses_1' }, 'write', signal),
      context.startServer('kept', signal),
    ]);
    for (const outcome of outcomes) {
      expect(outcome).toEqual({ status: 'rejected', reason: expect.any(ReadOnlyError) });
    }
  });

  it('is still read, without a server being started for that', async () => {
    const { engine } = anEngine(onlyOne);
    expect((await engine.transport('kept', 'read', signal)).closed).toBe(false);
    await expect(engine.clientFor({ alias: 'kept', id: null }, 'read', signal)).rejects.toThrow('none is started');
  });

  it('does not keep writers from other hosts', async () => {
    const { engine } = anEngine(onlyOne);
    expect((await engine.transport('free', 'write', signal)).closed).toBe(false);
  });

  it('is every host with readonly: true', async () => {
    const { engine } = anEngine('readonly: true');
    await expect(engine.transport('free', 'write', signal)).rejects.toThrow('free is read-only');
  });

  it('follows the configuration while the program runs', async () => {
    const { engine, config } = anEngine('');
    expect((await engine.transport('free', 'write', signal)).closed).toBe(false);
    engine.config.replace({ ...config, readonly: true });
    expect(engine.isReadOnly('free')).toBe(true);
    await expect(engine.transport('free', 'write', signal)).rejects.toThrow('free is read-only');
  });

  it('is reported as unknown once it is no longer listed', async () => {
    const { engine, fleet } = anEngine('');
    fleet.setState({ entries: new Map() });
    await expect(engine.transport('free', 'write', signal)).rejects.toThrow('free is no longer listed');
  });
});
