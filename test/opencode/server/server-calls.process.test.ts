import { Readable } from 'node:stream';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { TransportError, type TransportErrorKind } from '../../../src/transport/transport.ts';
import { FakeServer, sendJson } from './fake-server.ts';

const { signal } = new AbortController();
const healthy = sendJson({ healthy: true, version: '1.2.3' });
const health = 'GET /global/health';

describe('requests', () => {
  it('use a connection again, and open some for many at once', async () => {
    const server = await FakeServer.start({ [health]: healthy });
    for (let round = 0; round < 5; round += 1)
      expect(await server.client.health(signal)).toMatchObject({ version: '1.2.3' });
    expect(server.opened).toBeLessThanOrEqual(2);
    await Promise.all(Array.from({ length: 40 }, () => server.client.health(signal)));
    expect(server.opened).toBeLessThanOrEqual(8);
  });

  it('are recorded with their time and result', async () => {
    let now = 100;
    const server = await FakeServer.start({ [health]: sendJson({}, 503) }, { clock: () => (now += 5) });
    await expect(server.client.health(signal)).rejects.toThrow('GET /global/health: 503');
    expect(server.activities).toEqual([{ what: health, at: 105, duration: 5, result: '503' }]);
  });

  it('for the health of a server that left the first unanswered are repeated beside it', async () => {
    let asked = 0;
    const second: typeof healthy = (response, request) => {
      asked += 1;
      if (asked > 1) healthy(response, request);
    };
    const server = await FakeServer.start({ [health]: second }, { timeout: 30_000 });
    expect(await server.client.health(signal)).toMatchObject({ version: '1.2.3' });
    await expect.poll(() => server.activities.map(({ result }) => result).sort()).toEqual(['200', 'given up']);
  });

  it('name a directory as the server decodes it', async () => {
    const server = await FakeServer.start({ 'POST /session/a%2Fb/abort': sendJson(true) });
    await server.client.abort({ id: 'a/b', directory: '/d 5%' }, signal);
    expect(server.requests).toEqual(['POST /session/a%2Fb/abort?directory=%252Fd%25205%2525']);
  });
});

describe('a request fails', () => {
  it.each([
    [401, '', { kind: 'unauthorized', reason: 'it wants a password' }],
    [
      404,
      { name: 'NotFoundError', data: { message: 'Session not found: x' } },
      { kind: 'not-found', reason: 'Session not found: x' },
    ],
    [404, { _tag: 'PermissionNotFoundError', message: 'Permission request not found' }, { kind: 'not-found' }],
    [400, { name: 'BadRequest', data: { message: 'bad\n  at stack' } }, { kind: 'http', reason: 'bad', status: 400 }],
    [500, '<html>', { kind: 'http', reason: '<html>' }],
  ])('by status %d in words of the server: %j', async (status, body, expected) => {
    const server = await FakeServer.start({ [health]: sendJson(body, status) });
    await expect(server.client.health(signal)).rejects.toMatchObject({
      name: 'ServerError',
      where: health,
      ...expected,
    });
  });

  it.each([
    ['the page for unknown paths', 'text/html', '<!doctype html>'],
    ['broken JSON', 'application/json', '{"version":'],
    ['JSON of another kind', 'application/json', '[1]'],
  ])('with a protocol error on %s, and keeps no connection for it', async (_name, type, body) => {
    const server = await FakeServer.start({
      [health]: (response) => response.writeHead(200, { 'content-type': type }).end(body),
      'GET /project': sendJson([{ id: 'p', worktree: '/w' }]),
    });
    for (let round = 0; round < 10; round += 1) {
      await expect(server.client.health(signal)).rejects.toMatchObject({ kind: 'protocol', where: health });
    }
    expect(await server.client.projects(signal)).toEqual(['/w']);
  });

  it.each(['SSH-2.0-OpenSSH\r\n', 'HTTP/1.1 999 Odd\r\ncontent-length: 0\r\n\r\n'])(
    'with a protocol error when it is no HTTP: %j',
    async (said) => {
      const server = await FakeServer.start({ [health]: (response) => response.socket?.end(said) });
      await expect(server.client.health(signal)).rejects.toMatchObject({ kind: 'protocol' });
    },
  );

  it.each<[TransportErrorKind, string]>([
    ['refused', 'refused'],
    ['timeout', 'timeout'],
    ['auth', 'closed'],
  ])('when its stream does with %s', async (kind, expected) => {
    const cause = new TransportError(kind, 'why');
    const server = await FakeServer.start({}, { open: () => Promise.reject(cause) });
    await expect(server.client.health(signal)).rejects.toMatchObject({ kind: expected, reason: 'why', cause });
  });

  it('once its answer is longer than any of opencode, and keeps no connection for it', async () => {
    let sent = 0;
    const blanks = async function* () {
      for (; sent < 200; sent += 1) yield Buffer.alloc(2 ** 20, 32);
    };
    const server = await FakeServer.start(
      {
        [health]: (response) => {
          response.writeHead(200, { 'content-type': 'application/json' });
          Readable.from(blanks()).pipe(response);
        },
      },
      { timeout: 60_000 },
    );
    await expect(server.client.health(signal)).rejects.toMatchObject({
      ...{ kind: 'protocol', reason: 'not an answer of opencode (more than 64 MB)' },
    });
    await expect.poll(() => server.open).toBe(0);
    expect(sent).toBeLessThan(150);
  });

  it('in time when a server or a stream stays silent', async () => {
    const silent = await FakeServer.start({ [health]: () => {} }, { timeout: 60 });
    await expect(silent.client.health(signal)).rejects.toMatchObject({
      kind: 'timeout',
      reason: 'no answer within 0.06 s',
    });
    const closed = await FakeServer.start({}, { timeout: 60, open: () => new Promise(() => {}) });
    for (let round = 0; round < 10; round += 1) {
      await expect(closed.client.health(signal)).rejects.toMatchObject({ kind: 'timeout' });
    }
  });

  it('in time when an answer stops in the middle, even after a garbage collection', async () => {
    const server = await FakeServer.start(
      { [health]: (response) => void response.writeHead(200, { 'content-type': 'application/json' }).write('{"ver') },
      { timeout: 150 },
    );
    const failed = expect(server.client.health(signal)).rejects.toMatchObject({ kind: 'timeout' });
    await expect.poll(() => server.requests.length).toBe(1);
    collectGarbage();
    await failed;
    await expect.poll(() => server.open).toBe(0);
  });

  it('at once when its caller gives up', async () => {
    const server = await FakeServer.start({ [health]: () => {} }, { timeout: 60_000 });
    const giving = new AbortController();
    const failed = expect(server.client.health(giving.signal)).rejects.toMatchObject({
      kind: 'closed',
      reason: 'given up',
    });
    await expect.poll(() => server.requests.length).toBe(1);
    giving.abort();
    await failed;
    await expect(server.client.health(giving.signal)).rejects.toMatchObject({ reason: 'given up' });
    expect(server.requests).toHaveLength(1);
  });

  it('at once when the connection is lost', async () => {
    const server = await FakeServer.start({ [health]: () => {} }, { timeout: 60_000 });
    const failed = expect(server.client.health(signal)).rejects.toMatchObject({
      ...{ kind: 'closed', where: health, reason: expect.stringContaining('the connection was lost') },
    });
    await expect.poll(() => server.requests.length).toBe(1);
    server.loseConnections();
    await failed;
  });

  it('at once when the client is closed', async () => {
    const server = await FakeServer.start({ [health]: () => {} }, { timeout: 60_000 });
    const failed = expect(server.client.health(signal)).rejects.toMatchObject({ kind: 'closed' });
    await expect.poll(() => server.requests.length).toBe(1);
    await server.client.close();
    await failed;
    await expect.poll(() => server.open).toBe(0);
  });
});

describe('the list of sessions', () => {
  it('is read page by page, whatever was changed in the same millisecond', async () => {
    const session = (id: string, updated: number) => ({
      id,
      directory: '/d',
      title: id,
      time: { created: 1, updated },
    });
    const all = [session('0', 9), session('a', 8), session('b', 8), session('c', 8), session('d', 7), session('e', 6)];
    const server = await FakeServer.start({
      'GET /experimental/session': (response, { url }) => {
        const query = new URL(url ?? '', 'http://x').searchParams;
        const cursor = Number(query.get('cursor') ?? Number.POSITIVE_INFINITY);
        const rest = all.filter(({ time }) => time.updated < cursor);
        const page = rest.slice(0, Number(query.get('limit')));
        const more = { 'x-next-cursor': String(page.at(-1)?.time.updated) };
        sendJson(page, 200, rest.length > page.length ? more : {})(response, undefined as never);
      },
    });
    expect((await server.client.sessions(signal, 4)).map(({ id }) => id)).toEqual(['0', 'a', 'b', 'c', 'd', 'e']);
    expect(server.requests).toHaveLength(3);
  });

  it('is read without booting a directory, page by page', async () => {
    const time = { created: 1, updated: 2 };
    const item = (id: string, more = {}) => ({
      id,
      title: id,
      time,
      location: { directory: `/srv/shop/${id}` },
      ...more,
    });
    const all = [
      item('a', { projectID: 'p', subpath: 'a' }),
      item('b', { projectID: 'global', parentID: 'a' }),
      item('c', { projectID: 'p', time: { ...time, archived: 3 } }),
    ];
    const server = await FakeServer.start({
      'GET /api/session': (response, { url }) => {
        const query = new URL(url ?? '', 'http://x').searchParams;
        const from = Number(query.get('cursor') ?? 0);
        const data = all.slice(from, from + Number(query.get('limit')));
        sendJson({ data, cursor: { next: String(from + data.length) } })(response, undefined as never);
      },
    });
    const read = await server.client.sessionsQuietly(signal, 2);
    expect(read.map(({ id, parentId, project, archived }) => ({ id, parentId, project, archived }))).toEqual([
      { id: 'a', parentId: null, project: '/srv/shop', archived: null },
      { id: 'b', parentId: 'a', project: '/srv/shop/b', archived: null },
      { id: 'c', parentId: null, project: '/srv/shop/c', archived: 3 },
    ]);
    expect(server.requests).toHaveLength(2);
  });

  it('is the older list of a server that has no other', async () => {
    const session = { id: 'a', directory: '/d', title: 'a', time: { created: 1, updated: 2 } };
    const server = await FakeServer.start({
      'GET /api/session': sendJson({ name: 'NotFoundError' }, 404),
      'GET /experimental/session': sendJson([session]),
    });
    expect((await server.client.sessionsQuietly(signal)).map(({ id }) => id)).toEqual(['a']);
  });
});

function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
}
