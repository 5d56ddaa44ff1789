import { describe, expect, it } from 'vitest';
import type { Host } from '../../src/domain/host.ts';
import { type Server, serverKey } from '../../src/domain/server.ts';
import { ClientPool } from '../../src/engine/client-pool.ts';
import { aHost, aServer } from '../support/builders.ts';

class FakeClient {
  closes = 0;
  readonly server: Server;

  constructor(server: Server) {
    this.server = server;
  }

  async close() {
    this.closes += 1;
  }
}

interface Attempt {
  readonly alias: string;
  readonly signal: AbortSignal;
  readonly succeed: () => FakeClient;
  readonly fail: (error: Error) => void;
}

/** A pool whose connects end when the test says so. */
function aPool() {
  const attempts: Attempt[] = [];
  const pool = new ClientPool<FakeClient>(({ alias }: Host, server, signal) => {
    const { promise, resolve, reject } = Promise.withResolvers<FakeClient>();
    const succeed = () => {
      const client = new FakeClient(server);
      resolve(client);
      return client;
    };
    attempts.push({ alias, signal, succeed, fail: reject });
    return promise;
  });
  return { pool, attempts };
}

const host = aHost({ alias: 'web1' });
const one = aServer({ pid: 1, port: 4001 });
const two = aServer({ pid: 2, port: 4002 });
const never = () => new AbortController().signal;

describe('the client of a server', () => {
  it('is connected once, and shared by all who want it meanwhile and later', async () => {
    const { pool, attempts } = aPool();
    const both = [pool.borrow(host, one, never()), pool.borrow(host, one, never())];
    const client = attempts[0]!.succeed();
    expect(await Promise.all(both)).toEqual([client, client]);
    expect(await pool.borrow(host, one, never())).toBe(client);
    expect(pool.now('web1', serverKey(one))).toBe(client);
    expect(attempts).toHaveLength(1);
  });

  it('is another one for another server, and for the same process of another host', async () => {
    const { pool, attempts } = aPool();
    const all = [pool.borrow(host, one, never()), pool.borrow(host, two, never())];
    all.push(pool.borrow(aHost({ alias: 'web2' }), one, never()));
    expect(attempts.map(({ alias }) => alias)).toEqual(['web1', 'web1', 'web2']);
    const clients = attempts.map(({ succeed }) => succeed());
    expect(await Promise.all(all)).toEqual(clients);
    expect(new Set(clients).size).toBe(3);
  });

  it('is closed when another caller reached its server in another way meanwhile', async () => {
    const { pool, attempts } = aPool();
    const both = [pool.borrow(host, one, never()), pool.borrow(host, { ...one, own: !one.own }, never())];
    const clients = attempts.map(({ succeed }) => succeed());
    expect(await Promise.all(both)).toEqual(clients);
    expect(clients.map(({ closes }) => closes)).toEqual([1, 0]);
    expect(pool.now('web1', serverKey(one))).toBe(clients[1]);
    await pool.close();
    expect(clients.map(({ closes }) => closes)).toEqual([1, 1]);
  });

  it('is tried for again after an attempt that failed', async () => {
    const { pool, attempts } = aPool();
    const first = pool.borrow(host, one, never());
    attempts[0]!.fail(new Error('no route'));
    await expect(first).rejects.toThrow('no route');
    expect(pool.now('web1', serverKey(one))).toBeNull();
    const second = pool.borrow(host, one, never());
    const client = attempts[1]!.succeed();
    expect(await second).toBe(client);
  });

  it('is still connected for others when one gives up, and not when all do', async () => {
    const { pool, attempts } = aPool();
    const [first, second] = [new AbortController(), new AbortController()];
    const borrowed = [pool.borrow(host, one, first.signal), pool.borrow(host, one, second.signal)];
    first.abort(new Error('not me'));
    await expect(borrowed[0]).rejects.toThrow('not me');
    expect(attempts[0]!.signal.aborted).toBe(false);
    second.abort(new Error('nor me'));
    await expect(borrowed[1]).rejects.toThrow('nor me');
    expect(attempts[0]!.signal.aborted).toBe(true);
    // It arrived anyway, so it is closed again.
    const client = attempts[0]!.succeed();
    await expect.poll(() => client.closes).toBe(1);
    expect(pool.now('web1', serverKey(one))).toBeNull();
  });

  it('is closed once when it is discarded, and replaced for the next borrower', async () => {
    const { pool, attempts } = aPool();
    const borrowed = pool.borrow(host, one, never());
    const client = attempts[0]!.succeed();
    await borrowed;
    await Promise.all([pool.discard(client), pool.discard(client)]);
    expect(client.closes).toBe(1);
    const again = pool.borrow(host, one, never());
    const other = attempts[1]!.succeed();
    expect(await again).toBe(other);
    await pool.discard(client);
    expect(pool.now('web1', serverKey(one))).toBe(other);
    expect([client.closes, other.closes]).toEqual([1, 0]);
  });

  it("is replaced when the server turns out to be ocr's own: it is logged in to differently", async () => {
    const { pool, attempts } = aPool();
    const borrowed = pool.borrow(host, one, never());
    const client = attempts[0]!.succeed();
    await borrowed;
    const again = pool.borrow(host, { ...one, own: true }, never());
    expect(client.closes).toBe(1);
    const other = attempts[1]!.succeed();
    expect(await again).toBe(other);
  });

  it('is closed, or given up while it is being made, with a server that is gone', async () => {
    const { pool, attempts } = aPool();
    const borrowed = pool.borrow(host, one, never());
    const client = attempts[0]!.succeed();
    await borrowed;
    const connecting = pool.borrow(host, two, never());
    pool.forget('web1', one);
    pool.forget('web1', two);
    expect(client.closes).toBe(1);
    await expect(connecting).rejects.toThrow();
    expect(attempts[1]!.signal.aborted).toBe(true);
    expect(pool.now('web1', serverKey(one))).toBeNull();
  });
});

describe('closing the pool', () => {
  it('closes each client once, ends attempts in flight, and lets nothing new begin', async () => {
    const { pool, attempts } = aPool();
    const borrowed = pool.borrow(host, one, never());
    const client = attempts[0]!.succeed();
    await borrowed;
    const connecting = pool.borrow(host, two, never());
    const closed = Promise.all([pool.close(), pool.close()]);
    await expect(connecting).rejects.toThrow();
    expect(attempts[1]!.signal.aborted).toBe(true);
    const late = attempts[1]!.succeed();
    await closed;
    expect([client.closes, late.closes]).toEqual([1, 1]);
    await expect(pool.borrow(host, one, never())).rejects.toThrow('closed');
    expect(attempts).toHaveLength(2);
  });
});
