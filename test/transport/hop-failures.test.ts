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

it('leaves the successor of a lost transport alone when that is retired', async () => {
  const made: FakeTransport[] = [];
  const connect = async () => {
    const transport = new FakeTransport();
    made.push(transport);
    return transport;
  };
  const pool = new TransportPool({ connect, resolveHop: async () => route(null), clock: () => 0 });
  const first = await pool.get(gate, limits);
  first.close();
  const second = await pool.get(gate, limits);
  pool.retire('gate', first);
  expect(await pool.get(gate, limits)).toBe(second);
  pool.retire('gate', second);
  expect(await pool.get(gate, limits)).not.toBe(second);
  expect(made).toHaveLength(3);
});

it('finds a new way through a hop that was lost while it was asked for one', async () => {
  let connected = 0;
  const connect = async ({ name }: Target, _limits: unknown, via: Via | null) => {
    await via?.open();
    if (name !== 'gate') return new FakeTransport();
    connected += 1;
    const lost = connected === 1;
    const onForward = async () => {
      if (lost) throw new TransportError('closed', 'the connection was lost');
      return {} as never;
    };
    return Object.assign(new FakeTransport(), { onForward });
  };
  const pool = new TransportPool({ connect, resolveHop: async () => route(null), clock: () => 0 });
  await expect(pool.get(inner, limits)).resolves.toMatchObject({ closed: false });
  expect(connected).toBe(2);
});
