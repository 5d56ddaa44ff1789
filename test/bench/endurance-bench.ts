import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { FleetStore } from '../../src/fleet/fleet-store.ts';
import { hostsDiscovered } from '../../src/fleet/fleet-transitions.ts';
import { silentLogger } from '../../src/lib/logger.ts';
import { Refresher, type RefreshParts } from '../../src/refresh/refresher.ts';
import { TransportError } from '../../src/transport/transport.ts';
import { TransportPool } from '../../src/transport/transport-pool.ts';
import { aHost, aSnapshot, SETTINGS, sshOptions } from '../support/builders.ts';
import { FakeTransport } from '../support/fake-transport.ts';
import { makeSessions } from './made-up-fleet.ts';
import type { Row } from './report.ts';

const HOSTS = 50;
/** A refresh every 30 seconds for 8 hours. */
const [INTERVAL_MS, ROUNDS] = [30_000, 960];
/** Of these probes, one finds the host down and one loses the connection. */
const [DOWN, LOST] = [7, 5];

/** The heap after 8 hours of refreshes on a fast clock, as a multiple of the heap after the first hour. Hosts change, go down and come back. */
export async function benchEndurance(): Promise<Row> {
  setFlagsFromString('--expose-gc');
  const collect: () => void = runInNewContext('gc');
  let now = Date.now();
  const clock = () => now;
  const route = { kind: 'ssh', options: sshOptions() } as const;
  const hosts = Array.from({ length: HOSTS }, (_, index) => aHost({ alias: `host-${index}`, route }));
  const fleet = new FleetStore(SETTINGS);
  fleet.setState(hostsDiscovered(hosts));
  let probes = 0;
  const pool = new TransportPool({
    clock,
    resolveHop: async () => route,
    connect: async () => {
      if (probes % DOWN === 0) throw new TransportError('refused', 'connection refused');
      return new FakeTransport();
    },
  });
  const prober: RefreshParts['prober'] = {
    probe: async (host, _before, limits) => {
      probes += 1;
      const transport = await pool.get(host, limits);
      if (probes % LOST === 0) pool.retire(host.alias, transport);
      return aSnapshot({ at: now, readAt: now, sessions: makeSessions(probes % 100, 50, now) });
    },
    version: async () => '1.18.33',
    askLogin: async () => false,
    confirmDatabase: async () => null,
    compareServers: async () => false,
  };
  const refresher = new Refresher(
    {
      ...{ fleet, live: null, prober, cache: null, logger: silentLogger, clock, random: () => 0.5 },
      ...{ resolver: { volatile: false, resolve: async () => route, save: async () => {} } },
      ...{ onConnected: (listener) => pool.onConnected(listener), forgetFailures: () => pool.forgetFailures() },
    },
    {
      ...{ interval: 24 * 3_600_000, maxParallel: 10, enrich: true, timeoutOf: () => 10_000 },
      ...{ mayStartOpencode: () => false, interactionOf: () => null },
    },
  );
  const heap = () => {
    collect();
    return process.memoryUsage().heapUsed / 2 ** 20;
  };
  let first = 0;
  for (let round = 1; round <= ROUNDS; round += 1) {
    now += INTERVAL_MS;
    await Promise.all(hosts.map(({ alias }) => refresher.refreshHost(alias)));
    if (round === ROUNDS / 8) first = heap();
  }
  const last = heap();
  await refresher.close();
  pool.close();
  return {
    what: `heap after 8 hours, ${(HOSTS * ROUNDS).toLocaleString('en')} probes of hosts that come and go`,
    figures: `${first.toFixed(1)} MB after the first hour, ${last.toFixed(1)} at the end = ${(last / first).toFixed(2)}`,
    goal: 'goal: <= 1.05',
  };
}
