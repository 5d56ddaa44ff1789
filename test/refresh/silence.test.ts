import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Host } from '../../src/domain/host.ts';
import type { Snapshot } from '../../src/domain/snapshot.ts';
import { FleetStore } from '../../src/fleet/fleet-store.ts';
import { hostsDiscovered } from '../../src/fleet/fleet-transitions.ts';
import { silentLogger } from '../../src/lib/logger.ts';
import { Refresher } from '../../src/refresh/refresher.ts';
import { aHost, aSnapshot, SETTINGS, sshOptions } from '../support/builders.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

it('asks a host that answers although many more than are asked at a time are silent', async () => {
  const fleet = new FleetStore(SETTINGS);
  const silent = Array.from({ length: 20 }, (_, index) => aHost({ alias: `silent-${index}` }));
  fleet.setState(hostsDiscovered([...silent, aHost({ alias: 'web' })]));
  const probe = ({ alias }: Host) => (alias === 'web' ? Promise.resolve(aSnapshot()) : new Promise<Snapshot>(() => {}));
  const route = { kind: 'ssh', options: sshOptions() } as const;
  const resolver = { volatile: false, resolve: async () => route, save: async () => {} };
  const prober = {
    probe,
    version: async () => null,
    askLogin: async () => false,
    confirmDatabase: async () => null,
    compareServers: async () => false,
  };
  const refresher = new Refresher(
    {
      ...{
        fleet,
        live: null,
        prober,
        resolver,
        cache: null,
        onConnected: () => () => {},
        forgetFailures: () => {},
        logger: silentLogger,
      },
      ...{ clock: () => Date.now(), random: () => 0.5 },
    },
    {
      interval: 60_000,
      maxParallel: 4,
      enrich: true,
      timeoutOf: () => 10_000,
      mayStartOpencode: () => true,
      interactionOf: () => null,
    },
  );
  refresher.start();
  await vi.advanceTimersByTimeAsync(15_000);
  expect(fleet.getState().entries.get('web')?.fresh).toBe(true);
});
