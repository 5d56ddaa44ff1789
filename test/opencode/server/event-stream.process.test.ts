import type { ServerResponse } from 'node:http';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { FakeServer, sendJson } from './fake-server.ts';

const PATH = 'GET /global/event';
const event = (type: string, properties: object) =>
  `data: ${JSON.stringify({ payload: { id: 'evt_1', type, properties } })}\n\n`;
const CONNECTED = event('server.connected', {});

/** A server whose stream of events says what the test makes it say. */
async function start(timeout = 2000) {
  const streams: ServerResponse[] = [];
  const server = await FakeServer.start(
    {
      [PATH]: (response) => {
        streams.push(response.writeHead(200, { 'content-type': 'text/event-stream' }));
        response.write(CONNECTED);
      },
      'GET /global/health': sendJson({ version: '1' }),
    },
    { timeout },
  );
  const stop = new AbortController();
  const events = server.client.events(stop.signal);
  expect((await events.next()).value).toEqual([]);
  return { server, stop, events, stream: streams[0]! };
}

describe('the stream of events', () => {
  it('gives a batch for what came together, and an empty one as a sign of life', async () => {
    const { events, stream } = await start();
    stream.write(event('server.heartbeat', {}));
    expect((await events.next()).value).toEqual([]);
    stream.write(
      event('session.idle', { sessionID: 'a' }) + event('plugin.added', {}) + event('session.idle', { sessionID: 'b' }),
    );
    expect((await events.next()).value).toMatchObject([{ sessionId: 'a' }, { sessionId: 'b' }]);
  });

  it('puts characters together that came in two pieces', async () => {
    const { events, stream } = await start();
    const bytes = Buffer.from(
      event('session.error', { sessionID: 'a', error: { name: 'E', data: { message: 'für 漢字 👩' } } }),
    );
    const next = events.next();
    for (const byte of bytes) {
      stream.write(Buffer.from([byte]));
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect((await next).value).toMatchObject([{ message: 'für 漢字 👩' }]);
  });

  it('leaves connections to requests, and outlives their timeout', async () => {
    const { events, stream, server } = await start(800);
    for (let round = 0; round < 3; round += 1) await server.client.health(new AbortController().signal);
    const next = events.next();
    const silence = new Promise((resolve) => setTimeout(resolve, 1200, 'silent'));
    expect(await Promise.race([next, silence])).toBe('silent');
    stream.write(event('session.idle', { sessionID: 'a' }));
    expect((await next).value).toMatchObject([{ sessionId: 'a' }]);
  });

  it('ends when the server ends it', async () => {
    const { events, stream } = await start();
    stream.end();
    expect(await events.next()).toEqual({ done: true, value: undefined });
  });

  it('rejects when it is lost', async () => {
    const { events, server } = await start();
    const next = expect(events.next()).rejects.toMatchObject({ kind: 'closed', where: PATH });
    server.loseConnections();
    await next;
  });

  it('ends when it is aborted, even after a garbage collection', async () => {
    const { events, stop, server } = await start();
    const next = events.next();
    setFlagsFromString('--expose-gc');
    for (let round = 0; round < 3; round += 1) {
      runInNewContext('gc')();
      await new Promise((resolve) => setImmediate(resolve));
    }
    stop.abort();
    expect(await next).toEqual({ done: true, value: undefined });
    await expect.poll(() => server.open).toBe(0);
  });

  it('gives up its connection when it is no longer read', async () => {
    const { events, server } = await start();
    await events.return();
    await expect.poll(() => server.open).toBe(0);
  });

  it('can be read again', async () => {
    const { events, stream, server } = await start();
    stream.end();
    await events.next();
    const again = server.client.events(new AbortController().signal);
    expect((await again.next()).value).toEqual([]);
    await again.return();
  });

  it('rejects when there is none, or it does not begin in time', async () => {
    const { signal } = new AbortController();
    const first = (server: FakeServer) => server.client.events(signal).next();
    const locked = await FakeServer.start({ [PATH]: sendJson('', 401) });
    await expect(first(locked)).rejects.toMatchObject({ kind: 'unauthorized' });
    const other = await FakeServer.start({
      [PATH]: (response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<p>'),
    });
    await expect(first(other)).rejects.toMatchObject({ kind: 'protocol' });
    const silent = await FakeServer.start({ [PATH]: () => {} }, { timeout: 60 });
    await expect(first(silent)).rejects.toMatchObject({ kind: 'timeout' });
  });
});
