import { describe, expect, it } from 'vitest';
import type { Route } from '../../src/domain/host.ts';
import type { Interaction } from '../../src/transport/interaction.ts';
import { describeHop, type Target, type Via } from '../../src/transport/target.ts';
import { type Transport, TransportError } from '../../src/transport/transport.ts';
import { TransportPool } from '../../src/transport/transport-pool.ts';
import { aHost, sshOptions } from '../support/builders.ts';
import { FakeTransport } from '../support/fake-transport.ts';

const limits = { signal: new AbortController().signal, timeout: 1000, interaction: null };

/** A network in which each connection waits until the test lets it through. */
class FakeNetwork {
  readonly attempts: { alias: string; succeed: (transport: Transport) => void; fail: (error: Error) => void }[] = [];

  readonly connect = async ({ name }: Target, _limits: unknown, via: Via | null): Promise<Transport> => {
    const { promise, resolve, reject } = Promise.withResolvers<Transport>();
    if (via !== null) await via.open();
    this.attempts.push({ alias: name, succeed: resolve, fail: reject });
    return promise;
  };

  async attemptOn(alias: string, nth = 1) {
    await expect.poll(() => this.attempts.filter((attempt) => attempt.alias === alias).length).toBe(nth);
    return this.attempts.filter((attempt) => attempt.alias === alias)[nth - 1]!;
  }
}

let now = 0;

function poolOf(network: FakeNetwork, routes: Record<string, Route> = {}): TransportPool {
  return new TransportPool({
    connect: network.connect,
    clock: () => now,
    resolveHop: async (hop) => routes[describeHop(hop)] ?? ssh(),
  });
}

const ssh = (options: Parameters<typeof sshOptions>[0] = {}): Route => ({ kind: 'ssh', options: sshOptions(options) });
const behind = (alias: string, proxyJump: string) => aHost({ alias, route: ssh({ hostname: alias, proxyJump }) });

/** A hop whose streams are counted. */
function aHop(): FakeTransport & { opened: string[] } {
  const opened: string[] = [];
  return Object.assign(new FakeTransport(), {
    opened,
    onForward: async ({ host, port }: { host: string; port: number }) => {
      opened.push(`${host}:${port}`);
      return {} as never;
    },
  });
}

describe('the pool of transports', () => {
  it('lets those who ask at the same time share one attempt', async () => {
    const network = new FakeNetwork();
    const pool = poolOf(network);
    const both = Promise.all([pool.get(aHost(), limits), pool.get(aHost(), limits)]);
    const transport = new FakeTransport();
    network.attempts[0]?.succeed(transport);
    expect(await both).toEqual([transport, transport]);
    expect(await pool.get(aHost(), limits)).toBe(transport);
    expect(network.attempts).toHaveLength(1);
  });

  it('keeps hosts apart', async () => {
    const network = new FakeNetwork();
    const pool = poolOf(network);
    const slow = pool.get(aHost({ alias: 'slow' }), limits);
    const quick = pool.get(aHost({ alias: 'quick' }), limits);
    const transport = new FakeTransport();
    network.attempts[1]?.succeed(transport);
    expect(await quick).toBe(transport);
    network.attempts[0]?.fail(new TransportError('timeout', 'no'));
    await expect(slow).rejects.toMatchObject({ kind: 'timeout' });
  });

  it('does not keep a failed attempt, which fails for all who shared it', async () => {
    const network = new FakeNetwork();
    const pool = poolOf(network);
    const both = [pool.get(aHost(), limits), pool.get(aHost(), limits)];
    network.attempts[0]?.fail(new TransportError('refused', 'connection refused'));
    for (const one of both) await expect(one).rejects.toMatchObject({ kind: 'refused' });
    const again = pool.get(aHost(), limits);
    const transport = new FakeTransport();
    network.attempts[1]?.succeed(transport);
    expect(await again).toBe(transport);
  });

  it('opens again what was lost, once for all who ask', async () => {
    const network = new FakeNetwork();
    const pool = poolOf(network);
    const first = pool.get(aHost(), limits);
    const lost = new FakeTransport();
    network.attempts[0]?.succeed(lost);
    await first;
    lost.closed = true;
    const again = Promise.all([pool.get(aHost(), limits), pool.get(aHost(), limits)]);
    await Promise.resolve().then(() => Promise.resolve());
    const transport = new FakeTransport();
    network.attempts[1]?.succeed(transport);
    expect(await again).toEqual([transport, transport]);
    expect(network.attempts).toHaveLength(2);
  });

  it('opens again when the host is reached another way, and retires the old one', async () => {
    const network = new FakeNetwork();
    const pool = poolOf(network);
    const first = pool.get(aHost(), limits);
    const old = new FakeTransport();
    network.attempts[0]?.succeed(old);
    await first;
    const moved = aHost({ route: { kind: 'ssh', options: sshOptions({ hostname: 'web1.new.example.org' }) } });
    const second = pool.get(moved, limits);
    const transport = new FakeTransport();
    network.attempts[1]?.succeed(transport);
    expect(await second).toBe(transport);
    expect(old.retired).toBe(1);
    expect(transport.retired).toBe(0);
  });

  it('closes all that is open, and what is opening as soon as it is', async () => {
    const network = new FakeNetwork();
    const pool = poolOf(network);
    const open = new FakeTransport();
    const first = pool.get(aHost({ alias: 'open' }), limits);
    network.attempts[0]?.succeed(open);
    await first;
    const opening = pool.get(aHost({ alias: 'opening' }), limits);
    pool.close();
    const late = new FakeTransport();
    network.attempts[1]?.succeed(late);
    await opening.catch(() => {});
    expect(open.closed).toBe(true);
    expect(late.closed).toBe(true);
    await expect(pool.get(aHost(), limits)).rejects.toMatchObject({ kind: 'closed' });
  });
});

describe('an attempt that is shared', () => {
  it('goes on without those who give up', async () => {
    const network = new FakeNetwork();
    const pool = poolOf(network);
    const leaving = new AbortController();
    const staying = pool.get(aHost(), limits);
    const left = pool.get(aHost(), { ...limits, signal: leaving.signal });
    leaving.abort();
    await expect(left).rejects.toMatchObject({ kind: 'aborted' });
    const transport = new FakeTransport();
    network.attempts[0]?.succeed(transport);
    expect(await staying).toBe(transport);
    expect(network.attempts).toHaveLength(1);
  });

  it('is made again for those who stay when the one who began it gives up', async () => {
    const network = new FakeNetwork();
    const pool = poolOf(network);
    const leaving = pool.get(aHost(), limits);
    const staying = pool.get(aHost(), limits);
    network.attempts[0]?.fail(new TransportError('aborted', 'the connection was cancelled'));
    await expect(leaving).rejects.toMatchObject({ kind: 'aborted' });
    const transport = new FakeTransport();
    (await network.attemptOn('web1', 2)).succeed(transport);
    expect(await staying).toBe(transport);
  });

  it('is not waited for after the end', async () => {
    const pool = poolOf(new FakeNetwork());
    void pool.get(aHost(), limits).catch(() => {});
    const joined = pool.get(aHost(), limits);
    pool.close();
    await expect(joined).rejects.toMatchObject({ kind: 'aborted' });
  });

  it('is not begun for nobody', async () => {
    const network = new FakeNetwork();
    await expect(poolOf(network).get(aHost(), { ...limits, signal: AbortSignal.abort() })).rejects.toMatchObject({
      kind: 'aborted',
    });
    expect(network.attempts).toHaveLength(0);
  });
});

describe('hosts behind a hop', () => {
  it('share its connection, which is that of the fleet when the hop is an alias', async () => {
    const network = new FakeNetwork();
    const pool = poolOf(network);
    const [one, two] = [pool.get(behind('one', 'hop'), limits), pool.get(behind('two', 'hop'), limits)];
    const hop = aHop();
    (await network.attemptOn('hop')).succeed(hop);
    const [first, second] = [new FakeTransport(), new FakeTransport()];
    (await network.attemptOn('one')).succeed(first);
    (await network.attemptOn('two')).succeed(second);
    expect(await Promise.all([one, two])).toEqual([first, second]);
    expect(hop.opened.sort()).toEqual(['one:22', 'two:22']);
    expect(await pool.get(aHost({ alias: 'hop', route: ssh() }), limits)).toBe(hop);
    expect(network.attempts).toHaveLength(3);
  });

  it('are reached along a chain in its order', async () => {
    const network = new FakeNetwork();
    const pool = poolOf(network, { 'me@last:2200': ssh({ hostname: 'last.example.org', port: 2200 }) });
    const end = pool.get(behind('end', 'first,me@last:2200'), limits);
    const [first, last, transport] = [aHop(), aHop(), new FakeTransport()];
    (await network.attemptOn('first')).succeed(first);
    (await network.attemptOn('me@last:2200 via first')).succeed(last);
    (await network.attemptOn('end')).succeed(transport);
    expect(await end).toBe(transport);
    expect(first.opened).toEqual(['last.example.org:2200']);
    expect(last.opened).toEqual(['end:22']);
  });

  it('are blocked by the hop that fails, which is not asked again for each of them', async () => {
    const network = new FakeNetwork();
    const pool = poolOf(network, { inner: ssh({ hostname: 'inner', proxyJump: 'outer' }) });
    const one = pool.get(behind('one', 'inner'), limits);
    (await network.attemptOn('outer')).fail(new TransportError('refused', 'connection refused', { hint: 'start it' }));
    const error = { kind: 'blocked', by: 'outer', message: 'behind outer: connection refused', hint: 'start it' };
    await expect(one).rejects.toMatchObject(error);
    await expect(pool.get(behind('two', 'inner'), limits)).rejects.toMatchObject(error);
    await expect(pool.get(behind('three', 'outer'), limits)).rejects.toMatchObject(error);
    expect(network.attempts).toHaveLength(1);
    now += 6000;
    void pool.get(behind('two', 'inner'), limits).catch(() => {});
    await network.attemptOn('outer', 2);
    pool.close();
  });

  it('tells those who listen when a hop is connected', async () => {
    const network = new FakeNetwork();
    const pool = poolOf(network);
    const connected: string[] = [];
    const stop = pool.onConnected((name) => connected.push(name));
    void pool.get(behind('one', 'hop'), limits);
    (await network.attemptOn('hop')).succeed(aHop());
    (await network.attemptOn('one')).succeed(new FakeTransport());
    await expect.poll(() => connected).toEqual(['hop', 'one']);
    stop();
  });

  it('that lead in a circle are said to', async () => {
    const network = new FakeNetwork();
    const pool = poolOf(network, { b: ssh({ proxyJump: 'a' }), a: ssh({ proxyJump: 'b' }) });
    await expect(pool.get(behind('a', 'b'), limits)).rejects.toMatchObject({
      message: expect.stringContaining('ProxyJump goes in a circle: a -> b -> a'),
    });
  });

  it.each([2, 3])('that lead in a circle of %d are said to when all are begun at a time', async (size) => {
    const names = ['a', 'b', 'c'].slice(0, size);
    const hosts = names.map((name, at) => behind(name, names[(at + 1) % size]!));
    const pool = poolOf(new FakeNetwork(), Object.fromEntries(hosts.map(({ alias, route }) => [alias, route])));
    for (const one of hosts.map((host) => pool.get(host, limits))) {
      await expect(one).rejects.toMatchObject({ message: expect.stringContaining('ProxyJump goes in a circle: ') });
    }
  });

  it('may share hops on ways that are no circle', async () => {
    const network = new FakeNetwork();
    const pool = poolOf(network, { b: ssh({ hostname: 'b', proxyJump: 'c' }) });
    const both = [pool.get(behind('a', 'b'), limits), pool.get(behind('b', 'c'), limits)];
    (await network.attemptOn('c')).succeed(aHop());
    (await network.attemptOn('b')).succeed(aHop());
    (await network.attemptOn('a')).succeed(new FakeTransport());
    await expect(Promise.all(both)).resolves.toHaveLength(2);
  });

  it.each([
    ['[2001:db8::1],b', '2001:db8::1', 'b via 2001:db8::1'],
    ['[2001:db8::1]:22,b', '[2001:db8::1]:22', 'b via [2001:db8::1]:22'],
    ['ssh://me%2Cyou@a,b', 'me,you@a', 'b via me,you@a'],
  ])('are reached through %s', async (proxyJump, first, last) => {
    const network = new FakeNetwork();
    const end = poolOf(network).get(behind('end', proxyJump), limits);
    (await network.attemptOn(first)).succeed(aHop());
    (await network.attemptOn(last)).succeed(aHop());
    const transport = new FakeTransport();
    (await network.attemptOn('end')).succeed(transport);
    expect(await end).toBe(transport);
  });

  it('are not reached past the hops before one that only ssh knows the way to', async () => {
    const network = new FakeNetwork();
    const pool = poolOf(network, { last: { kind: 'by-name', reason: 'ssh -G last took too long' } });
    await expect(pool.get(behind('end', 'first,last'), limits)).rejects.toMatchObject({
      kind: 'protocol',
      message: "last can only be reached by name by the system's ssh, which does not know the hops before it",
    });
    expect(network.attempts).toHaveLength(0);
    void pool.get(behind('other', 'last'), limits).catch(() => {});
    await network.attemptOn('last');
  });

  it('tell what of the way is not there', async () => {
    const network = new FakeNetwork();
    const pool = poolOf(network);
    const hop = new FakeTransport();
    hop.onForward = () => Promise.reject(new TransportError('refused', 'connection refused'));
    const one = pool.get(behind('one', 'hop'), limits);
    (await network.attemptOn('hop')).succeed(hop);
    await expect(one).rejects.toMatchObject({ kind: 'refused', message: 'connection refused, says hop' });
    hop.onForward = () => Promise.reject(new TransportError('blocked', 'it does not forward connections'));
    await expect(pool.get(behind('two', 'hop'), limits)).rejects.toMatchObject({ kind: 'blocked', by: 'hop' });
  });
});

describe('a user who authenticates', () => {
  const somebody: Interaction = { answer: async () => null, trust: async () => false, progress: () => {} };
  const withSomebody = { ...limits, interaction: somebody };

  it('does not wait for an attempt that asks no one to be the last word', async () => {
    const network = new FakeNetwork();
    const pool = poolOf(network);
    const quiet = pool.get(aHost(), limits);
    const asking = pool.get(aHost(), withSomebody);
    (await network.attemptOn('web1')).fail(new TransportError('auth', 'no key'));
    await expect(quiet).rejects.toMatchObject({ kind: 'auth' });
    const transport = new FakeTransport();
    (await network.attemptOn('web1', 2)).succeed(transport);
    expect(await asking).toBe(transport);
  });

  it('holds up no one else meanwhile', async () => {
    const network = new FakeNetwork();
    const pool = poolOf(network);
    const asking = pool.get(aHost(), withSomebody);
    await expect(pool.get(aHost(), limits)).rejects.toMatchObject({ kind: 'auth' });
    await expect(pool.get(behind('one', 'web1'), limits)).rejects.toMatchObject({ kind: 'blocked', by: 'web1' });
    const transport = aHop();
    (await network.attemptOn('web1')).succeed(transport);
    expect(await asking).toBe(transport);
    expect(await pool.get(aHost(), limits)).toBe(transport);
  });
});
