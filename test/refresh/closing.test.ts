import { expect, it } from 'vitest';
import type { Host } from '../../src/domain/host.ts';
import { FleetStore } from '../../src/fleet/fleet-store.ts';
import { hostsDiscovered } from '../../src/fleet/fleet-transitions.ts';
import { silentLogger } from '../../src/lib/logger.ts';
import { Prober } from '../../src/probe/prober.ts';
import { Refresher } from '../../src/refresh/refresher.ts';
import type { Transport } from '../../src/transport/transport.ts';
import { TransportPool } from '../../src/transport/transport-pool.ts';
import { aHost, SETTINGS, sshOptions } from '../support/builders.ts';

it('closes while a probe waits for a connection that someone else began', async () => {
  const route = { kind: 'ssh', options: sshOptions() } as const;
  const host: Host = aHost({ alias: 'a', route });
  const fleet = new FleetStore(SETTINGS);
  fleet.setState(hostsDiscovered([host]));
  const connect = () => new Promise<Transport>(() => {});
  const pool = new TransportPool({ connect, clock: Date.now, resolveHop: async () => route });
  const refresher = new Refresher(
    {
      ...{
        fleet,
        live: null,
        prober: new Prober(pool, Date.now),
        cache: null,
        logger: silentLogger,
      },
      ...{ resolver: { volatile: false, resolve: async () => route, save: async () => {} } },
      ...{ onConnected: () => () => {}, forgetFailures: () => {}, clock: Date.now, random: () => 0.5 },
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
  void pool.get(host, { signal: new AbortController().signal, timeout: 1000, interaction: null }).catch(() => {});
  refresher.start();
  await expect.poll(() => fleet.getState().entries.get('a')?.refreshing).toBe(true);
  await refresher.close();
  pool.close();
});
