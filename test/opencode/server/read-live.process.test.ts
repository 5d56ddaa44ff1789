import type { IncomingMessage, ServerResponse } from 'node:http';
import { beforeAll, expect, it } from 'vitest';
import { FakeServer, sendJson } from './fake-server.ts';

const { signal } = new AbortController();
const permission = { id: 'per_1', sessionID: 'ses_1', permission: 'bash' };
type Answer = (response: ServerResponse, request: IncomingMessage) => void;

const silent: Answer = () => {};
// Loaded with the first request, which a short timeout would end on a busy machine.
beforeAll(() => import('@opencode-ai/sdk/v2/client'));

/** A server that cannot read `/bad` for a reason of the test's; in `/good` a session works and asks, and `/odd` has one request that makes no sense. */
function start(bad: Answer, health = sendJson({ version: '1' })) {
  const at =
    (value: Readonly<Record<string, unknown>>): Answer =>
    (response, request) => {
      const directory = decodeURIComponent(new URL(request.url ?? '', 'http://x').searchParams.get('directory') ?? '');
      (directory === '/bad' ? bad : sendJson(value[directory]))(response, request);
    };
  return FakeServer.start(
    {
      'GET /session/status': at({ '/good': { ses_1: { type: 'busy' } }, '/odd': {} }),
      'GET /permission': at({ '/good': [permission], '/odd': [{ id: 7 }, permission] }),
      'GET /question': at({ '/good': [], '/odd': [] }),
      'GET /global/health': health,
    },
    { timeout: bad === silent ? 500 : 5000 },
  );
}

it.each([
  ['is broken', sendJson({ message: 'opencode.json' }, 500)],
  ['is gone', sendJson({}, 404)],
  ['answers nonsense', sendJson(7)],
  ['does not answer', silent],
])('a directory that %s is left out, and hides nothing of the others', async (_name, bad) => {
  const { client } = await start(bad);
  const reading = await client.read(['/bad', '/good'], signal);
  expect(reading).toMatchObject({ directories: ['/good'], requests: [{ id: 'per_1' }] });
  expect([...reading.statuses.keys()]).toEqual(['ses_1']);
  expect([...(reading.failed ?? [])]).toEqual([['/bad', expect.any(String)]]);
  expect((await client.read(['/bad'], signal)).directories).toEqual([]);
});

it('a request that makes no sense is left out', async () => {
  const { client } = await start(silent);
  expect((await client.read(['/odd'], signal)).requests.map(({ id }) => id)).toEqual(['per_1']);
});

it('a server that wants a password, is lost or silent altogether is not read', async () => {
  const locked = await start(sendJson({}, 401));
  await expect(locked.client.read(['/bad', '/good'], signal)).rejects.toMatchObject({ kind: 'unauthorized' });
  const lost = await start((response) => response.destroy());
  await expect(lost.client.read(['/bad', '/good'], signal)).rejects.toMatchObject({ kind: 'closed' });
  const stopped = await start(silent, silent);
  await expect(stopped.client.read(['/bad'], signal)).rejects.toMatchObject({ kind: 'timeout' });
});

it('a directory whose answers are longer than is kept of a host is left out, and told to be cut', async () => {
  const { client } = await start((response, request) => {
    const long = [{ ...permission, patterns: ['x'.repeat(20_000_000)] }];
    const [, path = ''] = request.url?.split(/[/?]/) ?? [];
    sendJson({ permission: long, question: [], session: {} }[path])(response, request);
  });
  const reading = await client.read(['/bad', '/good'], signal);
  expect(reading).toMatchObject({ directories: ['/good'], requests: [{ id: 'per_1' }], isCut: true });
  expect(reading.failed?.get('/bad')).toContain('more than');
  expect(await client.read(['/good'], signal)).toMatchObject({ isCut: false });
});
