import { describe, expect, it } from 'vitest';
import type { Host } from '../../src/domain/host.ts';
import { LocalTransport } from '../../src/transport/local-transport.ts';
import { type Transport, TransportError } from '../../src/transport/transport.ts';
import { connectHost, TransportPool } from '../../src/transport/transport-pool.ts';
import { aHost, sshOptions } from '../support/builders.ts';
import { FakeTransport } from '../support/fake-transport.ts';

const limits = { signal: new AbortController().signal, timeout: 1000 };

/** A network in which each connection waits until the test lets it through. */
class FakeNetwork {
  readonly attempts: { alias: string; succeed: (transport: Transport) => void; fail: (error: Error) => void }[] = [];

  readonly connect = (host: Host): Promise<Transport> => {
    const { promise, resolve, reject } = Promise.withResolvers<Transport>();
    this.attempts.push({ alias: host.alias, succeed: resolve, fail: reject });
    return promise;
  };
}

describe('the pool of transports', () => {
  it('lets those who ask at the same time share one attempt', async () => {
    const network = new FakeNetwork();
    const pool = new TransportPool(network.connect);
    const both = Promise.all([pool.get(aHost(), limits), pool.get(aHost(), limits)]);
    const transport = new FakeTransport();
    network.attempts[0]?.succeed(transport);
    expect(await both).toEqual([transport, transport]);
    expect(await pool.get(aHost(), limits)).toBe(transport);
    expect(network.attempts).toHaveLength(1);
  });

  it('keeps hosts apart', async () => {
    const network = new FakeNetwork();
    const pool = new TransportPool(network.connect);
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
    const pool = new TransportPool(network.connect);
    const both = [pool.get(aHost(), limits), pool.get(aHost(), limits)];
    network.attempts[0]?.fail(new TransportError('refused', 'connection refused'));
    for (const one of both) await expect(one).rejects.toMatchObject({ kind: 'refused' });
    const again = pool.get(aHost(), limits);
    const transport = new FakeTransport();
    network.attempts[1]?.succeed(transport);
    expect(await again).toBe(transport);
  });

  it('opens anew what was lost, once for all who ask', async () => {
    const network = new FakeNetwork();
    const pool = new TransportPool(network.connect);
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

  it('opens anew when the host is reached another way, and closes the old one', async () => {
    const network = new FakeNetwork();
    const pool = new TransportPool(network.connect);
    const first = pool.get(aHost(), limits);
    const old = new FakeTransport();
    network.attempts[0]?.succeed(old);
    await first;
    const moved = aHost({ route: { kind: 'ssh', options: sshOptions({ hostname: 'web1.new.example.org' }) } });
    const second = pool.get(moved, limits);
    const transport = new FakeTransport();
    network.attempts[1]?.succeed(transport);
    expect(await second).toBe(transport);
    expect(old.closed).toBe(true);
    expect(transport.closed).toBe(false);
  });

  it('closes all that is open, and what is opening as soon as it is', async () => {
    const network = new FakeNetwork();
    const pool = new TransportPool(network.connect);
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

describe('connecting', () => {
  it('needs no network for this machine', async () => {
    const transport = await connectHost(aHost({ route: { kind: 'local' } }), limits);
    expect(transport).toBeInstanceOf(LocalTransport);
  });

  it('says why a host has no route', async () => {
    const host = aHost({ route: { kind: 'unresolved', reason: 'ssh -G web1 failed: Bad configuration' } });
    await expect(connectHost(host, limits)).rejects.toMatchObject({
      kind: 'protocol',
      message: 'ssh -G web1 failed: Bad configuration',
    });
  });

  it('is refused behind a jump host, instead of going another way than ssh would', async () => {
    const host = (options: Parameters<typeof sshOptions>[0]) =>
      aHost({ route: { kind: 'ssh', options: sshOptions(options) } });
    await expect(connectHost(host({ proxyJump: 'bastion' }), limits)).rejects.toMatchObject({ kind: 'blocked' });
    await expect(connectHost(host({ proxyCommand: 'nc %h %p' }), limits)).rejects.toMatchObject({ kind: 'blocked' });
  });
});
