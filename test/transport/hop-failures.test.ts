import { describe, expect, it } from 'vitest';
import type { Host, Route } from '../../src/domain/host.ts';
import type { Interaction } from '../../src/transport/interaction.ts';
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

/** A pool whose hop `gate` opens streams as the test says and has no session to spare, and what was connected. */
function throughGate(onForward: FakeTransport['onForward']) {
  const made: string[] = [];
  const connect = async ({ name }: Target, _limits: unknown, via: Via | null) => {
    await via?.open();
    made.push(name);
    const onExec = () => Promise.reject(new TransportError('timeout', 'no answer within 3s'));
    return Object.assign(new FakeTransport(), { onForward, onExec });
  };
  return { made, pool: new TransportPool({ connect, resolveHop: async () => route(null), clock: () => 0 }) };
}

describe('a hop that was silent for one target', () => {
  const silence = new TransportError('timeout', 'no answer within 10s');
  const target = aHost({
    alias: 'dead',
    route: { kind: 'ssh', options: sshOptions({ hostname: 'dead', proxyJump: 'gate' }) },
  });

  it.each<[string, () => Promise<never>]>([
    ['refuses another stream', () => Promise.reject(new TransportError('refused', 'connection refused'))],
    ['forwards nothing', () => Promise.reject(new TransportError('blocked', 'it does not forward connections'))],
    ['opens another stream', async () => ({ destroy: () => {} }) as never],
  ])('stays when it %s', async (_what, elsewhere) => {
    const { made, pool } = throughGate(({ host }) => (host === 'dead' ? Promise.reject(silence) : elsewhere()));
    await expect(pool.get(target, limits)).rejects.toMatchObject({ kind: 'timeout' });
    await pool.get(gate, limits);
    expect(made).toEqual(['gate']);
  });

  it.each(['timeout', 'closed'] as const)('is connected again when another stream is %s', async (kind) => {
    const { made, pool } = throughGate(({ host }) =>
      Promise.reject(host === 'dead' ? silence : new TransportError(kind, 'silence')),
    );
    await expect(pool.get(target, limits)).rejects.toMatchObject({ kind: 'timeout' });
    expect(made).toEqual(['gate', 'gate']);
  });

  it('stays when no one waits for the answer any more', async () => {
    const leaving = new AbortController();
    const { made, pool } = throughGate(({ host }) => {
      if (host === 'dead') return Promise.reject(silence);
      leaving.abort();
      return Promise.reject(new TransportError('aborted', 'the request was cancelled'));
    });
    await pool.get(target, { ...limits, signal: leaving.signal }).catch(() => {});
    await pool.get(gate, limits);
    expect(made).toEqual(['gate']);
  });
});

describe('a hop that lets no one in', () => {
  const MINUTE = 60_000;
  const somebody: Interaction = { answer: async () => null, trust: async () => false, progress: () => {} };

  /** How often it was knocked at. */
  function lockedGate(kind: 'auth' | 'host-key-unknown' | 'host-key-changed' | 'refused' = 'auth') {
    const state = { now: 0, knocks: 0, locked: true };
    const connect = async ({ name }: Target, _limits: unknown, via: Via | null) => {
      await via?.open();
      if (name === 'gate') state.knocks += 1;
      if (name === 'gate' && state.locked) throw new TransportError(kind, 'it lets nobody in');
      return Object.assign(new FakeTransport(), { onForward: async () => ({}) as never });
    };
    const pool = new TransportPool({ connect, resolveHop: async () => route(null), clock: () => state.now });
    const ask = () => pool.get(inner, limits).catch((error: unknown) => error);
    return { state, pool, ask };
  }

  it.each(['auth', 'host-key-unknown', 'host-key-changed'] as const)(
    'is left alone for minutes, by %s',
    async (kind) => {
      const { state, ask } = lockedGate(kind);
      for (; state.now < 30 * MINUTE; state.now += 1000) await ask();
      // After 0, 4, 12 and 22 minutes.
      expect(state.knocks).toBe(4);
      expect(await ask()).toMatchObject({ kind: 'blocked', by: 'gate', message: 'behind gate: it lets nobody in' });
    },
  );

  it('is tried again soon when it only was down', async () => {
    const { state, ask } = lockedGate('refused');
    await ask();
    state.now += 5000;
    await ask();
    expect(state.knocks).toBe(2);
  });

  it('is left alone by those behind when it was asked for itself', async () => {
    const { state, pool, ask } = lockedGate();
    await pool.get(gate, limits).catch(() => {});
    expect(await ask()).toMatchObject({ kind: 'blocked', by: 'gate' });
    expect(state.knocks).toBe(1);
  });

  it('is tried again when that is asked for', async () => {
    const { state, pool, ask } = lockedGate();
    await ask();
    pool.forgetFailures();
    await ask();
    expect(state.knocks).toBe(2);
    state.now += 4 * MINUTE;
    await ask();
    expect(state.knocks).toBe(3);
  });

  it('is open to all once it let someone in', async () => {
    const { state, pool, ask } = lockedGate();
    await ask();
    state.locked = false;
    await pool.get(gate, limits);
    expect(await ask()).toMatchObject({ closed: false });
  });

  it('is tried again for the user, who begins the count again', async () => {
    const { state, pool, ask } = lockedGate();
    await ask();
    state.now += 4 * MINUTE;
    await ask();
    await pool.get(inner, { ...limits, interaction: somebody }).catch(() => {});
    expect(state.knocks).toBe(3);
    state.now += 4 * MINUTE;
    await ask();
    expect(state.knocks).toBe(4);
  });
});
