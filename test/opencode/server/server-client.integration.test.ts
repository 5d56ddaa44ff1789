import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TranscriptMessage } from '../../../src/domain/transcript.ts';
import { applyTranscriptEvent } from '../../../src/opencode/server/apply-transcript-event.ts';
import type { ServerActivity } from '../../../src/opencode/server/server-calls.ts';
import type { ServerClient } from '../../../src/opencode/server/server-client.ts';
import { createClient, ESCAPED, EventLog, HOSTILE, type ServerLab, startServerLab } from './server-lab.ts';

const { signal } = new AbortController();

describe('a server with a password', () => {
  let lab: ServerLab;
  let client: ServerClient;
  let log: EventLog;
  const activities: ServerActivity[] = [];

  beforeAll(async () => {
    lab = await startServerLab('very secret');
    client = createClient(lab.access, { record: (activity) => activities.push(activity) });
    log = await EventLog.open(client);
  });
  afterAll(async () => {
    await log?.stop();
    await client?.close();
    await lab?.close();
  });

  const begin = async (text: string, directory = lab.project) => {
    const session = await client.createSession({ directory, title: text, agent: null, model: null }, signal);
    await client.prompt({ id: session.id, directory, text, agent: null, model: null }, signal);
    return session;
  };
  const idle = (id: string) =>
    log.find('status', ({ sessionId, status }) => sessionId === id && status.kind === 'idle');
  const asked = async (id: string) => (await log.find('asked', ({ request }) => request.sessionId === id)).request;

  it('tells its version to who knows the password, and nothing to anybody else', async () => {
    expect(await client.health(signal)).toMatchObject({ version: '1.18.33' });
    for (const password of [null, 'wrong']) {
      const stranger = createClient({ ...lab.access, password });
      await expect(stranger.health(signal)).rejects.toMatchObject({
        kind: 'unauthorized',
        where: 'GET /global/health',
      });
      await expect(stranger.events(signal).next()).rejects.toMatchObject({ kind: 'unauthorized' });
      await stranger.close();
    }
  });

  it('records each request, and no secret', async () => {
    await client.health(signal);
    expect(activities).toContainEqual(expect.objectContaining({ what: 'GET /global/health', result: '200' }));
    expect(JSON.stringify(activities)).not.toContain('secret');
  });

  it('tells of a turn as it happens, and of its messages to who watches them', async () => {
    let streamed: readonly TranscriptMessage[] = [];
    const session = await client.createSession(
      { directory: lab.project, title: 'A turn', agent: 'build', model: 'stub/echo' },
      signal,
    );
    expect(session).toMatchObject({ title: 'A turn', project: lab.project, agent: 'build', model: 'stub/echo' });
    const unwatch = client.watchMessages(session.id, (event) => {
      streamed = applyTranscriptEvent(streamed, event);
    });
    const where = { id: session.id, directory: lab.project };
    await client.prompt({ ...where, text: 'say it', agent: 'build', model: 'stub/echo' }, signal);
    await idle(session.id);
    const mine = log.events.filter((event) => 'sessionId' in event && event.sessionId === session.id);
    expect(mine.filter(({ kind }) => kind === 'message')).toHaveLength(2);
    expect(mine).toContainEqual({ kind: 'status', sessionId: session.id, status: { kind: 'busy' } });
    const messages = await client.messages(session.id, lab.project, 50, signal);
    expect(messages.map(({ role, parts }) => [role, parts])).toEqual([
      ['user', [expect.objectContaining({ kind: 'text', text: 'say it' })]],
      ['assistant', [expect.objectContaining({ kind: 'text', text: 'You said: say it' })]],
    ]);
    expect(streamed).toEqual(messages);
    expect(await client.messages(session.id, lab.project, 1, signal)).toEqual(messages.slice(-1));
    unwatch();
  });

  it('asks for a permission, takes an answer once, and goes on', async () => {
    const { id } = await begin('ask permission');
    const request = await asked(id);
    expect(request).toMatchObject({
      kind: 'permission',
      permission: 'bash',
      command: 'touch approved',
      always: ['touch *'],
    });
    const reading = await client.read([lab.project, lab.home], signal);
    expect(reading.requests).toContainEqual(request);
    expect(reading.statuses.get(id)).toEqual({ kind: 'busy' });
    await client.replyPermission(request, 'once', null, signal);
    expect(await log.find('settled', ({ requestId }) => requestId === request.id)).toMatchObject({ how: 'once' });
    await expect(client.replyPermission(request, 'once', null, signal)).rejects.toMatchObject({
      kind: 'not-found',
      reason: `Permission request not found: ${request.id}`,
    });
    await idle(id);
    expect((await client.read([lab.project], signal)).statuses.has(id)).toBe(false);
  });

  it('shows the diff of an edit, and the change once it is made', async () => {
    const { id } = await begin('ask edit');
    const request = await asked(id);
    const path = join(lab.project, 'greeting.txt');
    expect(request).toMatchObject({ permission: 'edit', path, diff: expect.stringContaining('+hello'), facts: {} });
    await client.replyPermission(request, 'always', null, signal);
    await idle(id);
    await expect
      .poll(() => client.changes(id, lab.project, signal))
      .toContainEqual(expect.objectContaining({ path: 'greeting.txt', additions: 2, deletions: 0 }));
  });

  it('tells what is asked for outside of the project and on the web; a rejection says why', async () => {
    const outside = await asked((await begin('ask outside')).id);
    expect(outside).toMatchObject({
      permission: 'external_directory',
      path: '/etc/hostname',
      facts: { parentDir: '"/etc"' },
    });
    const { id } = await begin('ask web');
    const web = await asked(id);
    expect(web).toMatchObject({
      permission: 'webfetch',
      patterns: ['http://127.0.0.1:9/page'],
      command: null,
      path: null,
    });
    await client.replyPermission(outside, 'reject', 'stay inside', signal);
    await client.replyPermission(web, 'reject', `it's "private"`, signal);
    await idle(id);
    const parts = (await client.messages(id, lab.project, 10, signal)).flatMap((message) => message.parts);
    expect(parts).toContainEqual(
      expect.objectContaining({ kind: 'tool', state: 'error', output: expect.stringContaining(`it's "private"`) }),
    );
  });

  it('asks questions, and takes what was picked and what was typed', async () => {
    const { id } = await begin('ask two questions');
    const request = await asked(id);
    expect(request).toMatchObject({
      kind: 'question',
      questions: [
        { header: 'Database', multiple: false, custom: true, options: [{ label: 'PostgreSQL' }, { label: 'SQLite' }] },
        { header: 'Regions', multiple: true, custom: true },
      ],
    });
    await client.replyQuestion(request, [[`-- a 'typed' $(answer)\nof two lines`], ['Oslo', 'Dublin']], signal);
    expect(await log.find('settled', ({ requestId }) => requestId === request.id)).toMatchObject({ how: 'answered' });
    await idle(id);
    const parts = (await client.messages(id, lab.project, 10, signal)).flatMap((message) => message.parts);
    const output = parts.find((part) => part.kind === 'tool');
    expect(output).toMatchObject({
      state: 'completed',
      output: expect.stringContaining(`-- a 'typed' $(answer)\nof two lines`),
    });
    expect(output).toMatchObject({ output: expect.stringContaining('Oslo, Dublin') });
  });

  it('takes the rejection of a question', async () => {
    const { id } = await begin('ask question');
    const request = await asked(id);
    await client.rejectQuestion(request, signal);
    expect(await log.find('settled', ({ requestId }) => requestId === request.id)).toMatchObject({ how: 'rejected' });
    await idle(id);
    await expect(client.rejectQuestion(request, signal)).rejects.toMatchObject({ kind: 'not-found' });
  });

  it("tells of a subagent's request and whose subagent it is", async () => {
    const { id } = await begin('ask subagent');
    const { facts } = await log.find('session', (event) => event.facts.parentId === id);
    const request = await asked(facts.id);
    expect(request).toMatchObject({ permission: 'bash', directory: lab.project });
    expect(await client.requests(lab.project, signal)).toContainEqual(request);
    expect(await client.session(facts.id, lab.project, signal)).toMatchObject({ parentId: id, project: lab.project });
    await client.replyPermission(request, 'once', null, signal);
    await idle(id);
  });

  it('keeps a todo list', async () => {
    const { id } = await begin('write todos');
    expect(await log.find('todo', ({ sessionId }) => sessionId === id)).toMatchObject({ done: 1, total: 3 });
    expect(await client.todos(id, lab.project, signal)).toMatchObject([
      { content: 'Read the schema', status: 'completed' },
      { status: 'in_progress' },
      { status: 'pending' },
    ]);
  });

  it('tells of a turn that fails, and of none that the user stops', async () => {
    const failing = await begin('an error');
    expect(await log.find('error', ({ sessionId }) => sessionId === failing.id)).toMatchObject({
      name: 'APIError',
      message: 'The stub model refuses this prompt',
    });
    const { id } = await begin('slowly');
    await log.find('status', ({ sessionId, status }) => sessionId === id && status.kind === 'busy');
    await client.abort({ id, directory: lab.project }, signal);
    await idle(id);
    expect(log.events.filter((event) => event.kind === 'error' && event.sessionId === id)).toEqual([]);
  });

  it('renames, archives, forks and deletes sessions, and lists them all', async () => {
    const directory = lab.project;
    const session = await client.createSession({ directory, title: 'x', agent: null, model: null }, signal);
    const where = { id: session.id, directory };
    const title = `-- $(x) 'q" \u001b[2J\nü`;
    await client.rename(where, title, signal);
    expect(await client.session(session.id, directory, signal)).toMatchObject({ title });
    await client.archive(where, 1_700_000_000_000, signal);
    const find = async (id: string) => (await client.sessions(signal)).find((listed) => listed.id === id);
    expect(await find(session.id)).toMatchObject({ archived: 1_700_000_000_000, project: lab.project });
    await client.archive(where, null, signal);
    expect(await find(session.id)).toMatchObject({ archived: null });
    const fork = await client.fork(where, signal);
    expect(fork.id).not.toBe(session.id);
    await client.remove(where, signal);
    expect(await log.find('deleted', ({ sessionId }) => sessionId === session.id)).toBeDefined();
    expect(await client.session(session.id, directory, signal)).toBeNull();
    expect(await find(session.id)).toBeUndefined();
    await expect(client.rename(where, 'gone', signal)).rejects.toMatchObject({ kind: 'not-found' });
    await expect(client.share({ ...where, id: fork.id }, signal)).rejects.toMatchObject({ kind: 'http', status: 500 });
    await client.unshare({ ...where, id: fork.id }, signal);
  });

  it('works in a directory whose name holds quotes and signs of all kinds', async () => {
    const directory = join(lab.home, HOSTILE);
    const session = await begin('ask permission', directory);
    expect(session).toMatchObject({ directory, project: directory });
    const request = await asked(session.id);
    expect(request.directory).toBe(directory);
    expect(await client.requests(directory, signal)).toEqual([request]);
    await client.replyPermission(request, 'reject', null, signal);
    await idle(session.id);
    expect(await client.projects(signal)).toEqual(expect.arrayContaining([lab.project, directory]));
  });

  it('names a directory that looks as if it were encoded', async () => {
    const directory = join(lab.home, ESCAPED);
    const session = await client.createSession({ directory, title: 'x', agent: null, model: null }, signal);
    expect(session).toMatchObject({ directory, project: directory });
    expect(await client.session(session.id, directory, signal)).toMatchObject({ directory });
  });

  it('lists the agents and models that the user can pick', async () => {
    expect((await client.agents(lab.project, signal)).map(({ name }) => name)).toEqual(['build', 'plan']);
    const { models, default: chosen } = await client.models(lab.project, signal);
    expect(models).toContainEqual({ id: 'stub/echo', name: 'echo' });
    expect(chosen).toBe('stub/echo');
  });
});

describe('a server without a password that dies', () => {
  it('ends the stream and what is under way at once, and is refused from then on', async () => {
    const lab = await startServerLab(null);
    const client = createClient(lab.access, { timeout: 5000 });
    try {
      const log = await EventLog.open(client);
      const where = await client.createSession(
        { directory: lab.project, title: 'x', agent: null, model: null },
        signal,
      );
      await client.prompt({ ...where, text: 'slowly', agent: null, model: null }, signal);
      await log.find('activity');
      await lab.kill();
      await expect(log.done).rejects.toMatchObject({ kind: 'closed', where: 'GET /global/event' });
      // A connection that was kept may be found dead first.
      const failure = () => client.health(signal).catch((error: unknown) => error);
      await expect.poll(failure).toMatchObject({ kind: 'refused' });
    } finally {
      await client.close();
      await lab.close();
    }
  });
});
