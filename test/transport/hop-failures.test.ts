import { expect, it } from 'vitest';
import type { Host, Route } from '../../src/domain/host.ts';
import type { Target, Via } from '../../src/transport/target.ts';
import { TransportError } from '../../src/transport/transport.ts';
import { TransportPool } from '../../src/transport/transport-pool.ts';
import { aHost, sshOptions } from '../support/builders.ts';
import { FakeTransport } from '../support/fake-transport.ts';

const limits = { signal: new AbortController().signal, timeout: 1000, interaction: null };
const route = (proxyJump: string | null): Route => ({ kind: 'ssh', options: sshOptions({ proxyJump }) });
const gate = aHost({ alias: 'gate', route: route(null) });
const inner = aHost({ alias: 'inner', route: route('gate') });
const deep = aHost({ alias: 'deep', route: route('inner') });

it('forgets with the failure of a hop that of the hops behind it', async () => {
  const down = new Set(['gate']);
  const connect = async ({ name }: Target, _limits: unknown, via: Via | null) => {
    await via?.open();
    if (down.has(name)) throw new TransportError('refused', 'connection refused');
    return Object.assign(new FakeTransport(), { onForward: async () => ({}) as never });
  };
  const known: Record<string, Host> = { gate, inner };
  const resolveHop = async ({ host }: { host: string }) => known[host]?.route ?? route(null);
  const pool = new TransportPool({ connect, resolveHop, clock: () => 0 });
  await expect(pool.get(deep, limits)).rejects.toMatchObject({ kind: 'blocked', by: 'gate' });
  down.clear();
  await pool.get(gate, limits);
  await expect(pool.get(deep, limits)).resolves.toMatchObject({ closed: false });
});
