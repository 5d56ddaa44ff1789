import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Snapshot } from '../../src/domain/snapshot.ts';
import { FleetStore } from '../../src/fleet/fleet-store.ts';
import { hostsDiscovered } from '../../src/fleet/fleet-transitions.ts';
import { silentLogger } from '../../src/lib/logger.ts';
import { Refresher } from '../../src/refresh/refresher.ts';
import { aHost, aSnapshot, SETTINGS, sshOptions } from '../support/builders.ts';

const INTERVAL = 30_000;
const unversioned = aSnapshot({ opencode: { path: '/usr/bin/opencode', identity: 'one', version: null } });

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** One host that answers at once and tells its version as the test says, asked in every interval. */
function start(prober: { probe(): Promise<Snapshot>; version(): Promise<string | null> }) {
  const fleet = new FleetStore(SETTINGS);
  fleet.setState(hostsDiscovered([aHost({ alias: 'a' })]));
  const route = { kind: 'ssh', options: sshOptions() } as const;
  const resolver = { volatile: false, resolve: async () => route, save: async () => {} };
  const parts = {
    live: null,
    fleet,
    prober: {
      askLogin: async () => false,
      confirmDatabase: async () => null,
      compareServers: async () => false,
      ...prober,
    },
    resolver,
    cache: null,
    onConnected: () => () => {},
    forgetFailures: () => {},
    logger: silentLogger,
  };
  const refresher = new Refresher(
    { ...parts, clock: () => Date.now(), random: () => 0.5 },
    {
      interval: INTERVAL,
      maxParallel: 10,
      enrich: true,
      timeoutOf: () => 10_000,
      mayStartOpencode: () => true,
      interactionOf: () => null,
    },
  );
  refresher.start();
  return { refresher, version: () => fleet.getState().entries.get('a')?.snapshot?.opencode.version };
}

it('asks for a version again, some time after that failed', async () => {
  let asked = 0;
  const version = async () => {
    asked += 1;
    if (asked === 1) throw new Error('the connection was lost');
    return '1.18.0';
  };
  const run = start({ probe: async () => unversioned, version });
  await vi.advanceTimersByTimeAsync(2 * INTERVAL);
  expect(asked).toBe(1);
  await vi.advanceTimersByTimeAsync(4 * INTERVAL);
  expect(asked).toBe(2);
  expect(run.version()).toBe('1.18.0');
  await run.refresher.close();
});

it('keeps a version that is learnt while the host is being asked again', async () => {
  const second = Promise.withResolvers<Snapshot>();
  const answers = [async () => unversioned, () => second.promise];
  const tell = Promise.withResolvers<string>();
  const probe = () => (answers.shift() ?? (async () => unversioned))();
  const run = start({ probe, version: () => tell.promise });
  await vi.advanceTimersByTimeAsync(INTERVAL);
  tell.resolve('1.18.0');
  await vi.advanceTimersByTimeAsync(100);
  second.resolve(unversioned);
  await vi.advanceTimersByTimeAsync(100);
  expect(run.version()).toBe('1.18.0');
  await run.refresher.close();
});
