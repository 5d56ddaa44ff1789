import { expect, it } from 'vitest';
import type { Host } from '../../src/domain/host.ts';
import { silentLogger } from '../../src/lib/logger.ts';
import { Prober } from '../../src/probe/prober.ts';
import { EventBatch } from '../../src/refresh/event-batch.ts';
import { Refresher } from '../../src/refresh/refresher.ts';
import { hostsDiscovered } from '../../src/store/fleet-transitions.ts';
import { createOcrStore } from '../../src/store/store.ts';
import type { Transport } from '../../src/transport/transport.ts';
import { TransportPool } from '../../src/transport/transport-pool.ts';
import { aHost, SETTINGS, sshOptions } from '../support/builders.ts';

it('closes while a probe waits for a connection that somebody else began', async () => {
  const route = { kind: 'ssh', options: sshOptions() } as const;
  const host: Host = aHost({ alias: 'a', route });
  const store = createOcrStore(SETTINGS, false);
  store.setState(hostsDiscovered([host]));
  const connect = () => new Promise<Transport>(() => {});
  const pool = new TransportPool({ connect, clock: Date.now, resolveHop: async () => route });
  const refresher = new Refresher(
    {
      ...{
        store,
        events: new EventBatch(store),
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
  await expect.poll(() => store.getState().entries.get('a')?.refreshing).toBe(true);
  await refresher.close();
  pool.close();
});
