import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { defaultConfig } from '../../../src/config/schema.ts';
import { discoverHosts } from '../../../src/discovery/discover.ts';
import type { Host } from '../../../src/domain/host.ts';
import { systemClock } from '../../../src/lib/clock.ts';
import { Prober } from '../../../src/probe/prober.ts';
import type { TransportPool } from '../../../src/transport/transport-pool.ts';
import { type Fleet, startFleet } from '../../fleet/fleet.ts';
import { createRealPool } from '../../support/real-pool.ts';

/** Logged by sshd (LogLevel VERBOSE) when a client asks to be authenticated, whatever the result. */
const AUTHENTICATION = /Accepted|Failed|Postponed|userauth|authenticating user|Invalid user|Connection closed by user/i;
/** Long enough for a busy machine, short enough to wait for. */
const TIMEOUT = 2000;

let fleet: Fleet;
let hosts: ReadonlyMap<string, Host>;
let pool: TransportPool;
let prober: Prober;

beforeAll(async () => {
  fleet = await startFleet({ hosts: ['alpha', 'changed', 'unknown'] });
  hosts = await resolveHosts(fleet);
  pool = createRealPool();
  prober = new Prober(pool, systemClock);
});
afterAll(async () => {
  pool?.close();
  await fleet?.close();
});

describe('a host whose key is not trusted', () => {
  it.each([
    ['changed', 'host-key-changed'],
    ['unknown', 'host-key-unknown'],
  ] as const)('is not logged in to: %s', async (alias, kind) => {
    const knownHosts = await readFile(fleet.knownHosts);
    await expect(probe(alias)).rejects.toMatchObject({ kind, hint: expect.stringContaining(fleet.knownHosts) });
    expect(await readFile(fleet.knownHosts)).toEqual(knownHosts);
    // The end of the connection is logged last, so whatever came before it is there too.
    const log = await waitForLog(alias, /Connection (closed|reset) by|Unable to negotiate|disconnect/i);
    expect(log).not.toMatch(AUTHENTICATION);
  });

  it('would show in the log if it had been logged in to, as a trusted one does', async () => {
    await probe('alpha');
    const log = await waitForLog('alpha', AUTHENTICATION);
    expect(log).toMatch(/Accepted publickey for/);
  });
});

describe('a host that goes away', () => {
  it('is refused while its sshd is stopped, and answers again after its start', async () => {
    await probe('alpha');
    await fleet.stop('alpha');
    await expect(probe('alpha')).rejects.toMatchObject({ name: 'TransportError' });
    await expect(probe('alpha')).rejects.toMatchObject({ kind: 'refused', message: 'connection refused' });
    await fleet.start('alpha');
    expect((await probe('alpha')).sessions).not.toHaveLength(0);
  });

  it('times out on the open connection while its sshd is frozen, and answers after the thaw', async () => {
    await probe('alpha');
    await fleet.pause('alpha');
    await expect(probe('alpha')).rejects.toMatchObject({ kind: 'timeout' });
    await fleet.resume('alpha');
    expect((await probe('alpha')).rung).toBe('sqlite3');
  });

  it('times out on a new connection while its sshd is frozen, and answers after the thaw', async () => {
    pool.drop('alpha');
    await fleet.pause('alpha');
    await expect(probe('alpha')).rejects.toMatchObject({ kind: 'timeout', message: 'no SSH answer within 2s' });
    await fleet.resume('alpha');
    expect((await probe('alpha')).rung).toBe('sqlite3');
  });
});

async function resolveHosts({ sshConfig, operatorHome }: Fleet): Promise<ReadonlyMap<string, Host>> {
  const { hosts, resolver } = await discoverHosts(defaultConfig.hosts, {
    sshConfigFile: sshConfig,
    sshConfigGiven: true,
    home: operatorHome,
    routeCacheFile: null,
  });
  const resolved = hosts
    .filter(({ route }) => route.kind === 'unresolved')
    .map(async (host) => ({ ...host, route: await resolver.resolve(host.alias, AbortSignal.timeout(20_000)) }));
  return new Map((await Promise.all(resolved)).map((host) => [host.alias, host]));
}

function probe(alias: string) {
  const limits = {
    signal: AbortSignal.timeout(60_000),
    timeout: TIMEOUT,
    enrich: true,
    interaction: null,
    mayStartOpencode: true,
  };
  return prober.probe(hosts.get(alias)!, null, limits);
}

/** The log of a host's sshd, once it holds that. */
async function waitForLog(alias: 'alpha' | 'changed' | 'unknown', pattern: RegExp): Promise<string> {
  return expect
    .poll(() => fleet.sshdLog(alias), { timeout: 10_000 })
    .toMatch(pattern)
    .then(() => fleet.sshdLog(alias));
}
