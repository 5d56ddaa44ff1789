import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import * as z from 'zod';
import type { ServerClient } from '../../../src/opencode/server/server-client.ts';
import { listRules, type Rule, removeRule } from '../../../src/operations/rules/saved-rules.ts';
import { createClient, EventLog, type ServerLab, startServerLab } from '../../opencode/server/server-lab.ts';
import { aHost, anEntry, aSnapshot } from '../../support/builders.ts';
import { FakeContext } from '../fake-context.ts';

const { signal } = new AbortController();
let lab: ServerLab;
let client: ServerClient;
let log: EventLog;

beforeAll(async () => {
  lab = await startServerLab(null);
  client = createClient(lab.access);
  log = await EventLog.open(client);
});
afterAll(async () => {
  await log?.stop();
  await client?.close();
  await lab?.close();
});

const withId = z.object({ data: z.object({ id: z.string() }) });
const pendingList = z.object({ data: z.array(z.object({ id: z.string() })) });

/** Sends a request to the newer API, which ocr uses for no turn of its own. */
async function post(path: string, body: object): Promise<unknown> {
  const response = await fetch(`http://127.0.0.1:${lab.access.port}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return response.status === 204 ? null : await response.json();
}

/** Begins a turn over the newer API. Returns the session, and the request that it raises; `null` if its turn ends without one. */
async function beginNew(directory: string): Promise<{ id: string; request: string | null }> {
  const { id } = withId.parse(await post('/api/session', { location: { directory } })).data;
  await post(`/api/session/${id}/prompt`, { prompt: { text: 'ask permission' } });
  const look = async (): Promise<string | null | undefined> => {
    const answer = await fetch(`http://127.0.0.1:${lab.access.port}/api/session/${id}/permission`);
    const asked = pendingList.parse(await answer.json()).data[0]?.id;
    if (asked !== undefined) return asked;
    const messages = await fetch(`http://127.0.0.1:${lab.access.port}/api/session/${id}/message`);
    return (await messages.text()).includes('Done.') ? null : undefined;
  };
  let request: string | null | undefined;
  await expect.poll(async () => (request = await look()), { timeout: 60_000 }).not.toBeUndefined();
  return { id, request: request ?? null };
}

async function allRules(context: FakeContext['context']): Promise<readonly Rule[]> {
  for await (const found of listRules(context)) {
    if (found.kind === 'kept') return found.rules;
    throw new Error(found.reason);
  }
  throw new Error('no host');
}

function contextOf(): FakeContext['context'] {
  const { context } = new FakeContext([anEntry({ host: aHost({ alias: 'web1' }), snapshot: aSnapshot() })], null);
  return { ...context, clientNow: () => client, clientFor: async () => client };
}

it('lists and removes what "always" allowed in turns of the newer API', async () => {
  const context = contextOf();
  const { id, request } = await beginNew(lab.project);
  await post(`/api/session/${id}/permission/${request}/reply`, { reply: 'always' });
  await expect.poll(() => allRules(context)).toHaveLength(1);
  const [rule] = await allRules(context);
  expect(rule).toMatchObject({ action: 'bash', resource: 'touch approved', project: lab.project });
  expect((await beginNew(lab.project)).request).toBeNull();

  await removeRule(context, { alias: 'web1', id: rule?.id ?? '' });
  expect(await allRules(context)).toEqual([]);
  expect((await beginNew(lab.project)).request).not.toBeNull();
});

it('lists nothing of the answers that ocr gives: they hold in one directory, in memory', async () => {
  const below = join(lab.project, 'below');
  await mkdir(below, { recursive: true });
  const begin = async (directory: string) => {
    const session = await client.createSession({ directory, title: 'x', agent: null, model: null }, signal);
    await client.prompt({ id: session.id, directory, text: 'ask permission', agent: null, model: null }, signal);
    return session.id;
  };
  const asked = async (id: string) =>
    (await log.find('asked', ({ request: { sessionId } }) => sessionId === id)).request;
  const first = await asked(await begin(lab.project));
  await client.replyPermission(first, 'always', null, signal);
  const second = await begin(lab.project);
  await log.find('status', ({ sessionId, status }) => sessionId === second && status.kind === 'idle');
  expect(log.events.filter((event) => event.kind === 'asked' && event.request.sessionId === second)).toEqual([]);
  await client.replyPermission(await asked(await begin(below)), 'reject', null, signal);
  expect(await allRules(contextOf())).toEqual([]);
});
