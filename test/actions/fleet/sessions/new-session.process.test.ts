import { mkdir, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { newSession } from '../../../../src/actions/fleet/sessions/new-session.ts';
import type { ServerClient } from '../../../../src/opencode/server/server-client.ts';
import { ServerError } from '../../../../src/opencode/server/server-error.ts';
import { sessionKey } from '../../../../src/store/keys.ts';
import { LocalTransport } from '../../../../src/transport/child/local-transport.ts';
import { answered, aSession, aSnapshot } from '../../../support/builders.ts';
import { makeTempDir } from '../../../support/temp-dir.ts';
import { Desk, type DeskOptions, selecting, selectingHost } from './desk.ts';
import { FakeClient } from './fake-client.ts';

const AGENTS = [
  { name: 'build', description: 'makes things' },
  { name: 'plan', description: null },
];
const MODELS = [
  { id: 'stub/echo', name: 'Echo' },
  { id: 'stub/other', name: 'Other' },
];

/** A server that makes sessions; what it made is listed once its host is asked again. */
async function openDesk(answers: ConstructorParameters<typeof FakeClient>[0] = {}, options: DeskOptions = {}) {
  const folder = await realpath(await makeTempDir());
  await mkdir(join(folder, 'shop'));
  const entry = answered('web1', [aSession({ directory: join(folder, 'shop'), project: join(folder, 'shop') })]);
  const made: ReturnType<typeof aSession>[] = [];
  const client = new FakeClient({
    agents: async () => AGENTS,
    models: async () => ({ models: MODELS, default: 'stub/echo' }),
    createSession: async (wanted) => {
      client.created.push(wanted);
      const { directory } = wanted;
      made.push(aSession({ id: `ses_new${made.length}`, directory, project: directory, title: wanted.title ?? 'New' }));
      return made.at(-1)!;
    },
    ...answers,
  }).takingAll();
  const transport = new LocalTransport();
  onTestFinished(() => transport.close());
  const desk = new Desk([entry], {
    clients: () => client,
    clientNow: () => client,
    transport: async () => transport,
    onRefresh: () => desk.put({ ...entry, snapshot: aSnapshot({ sessions: [...made, ...entry.snapshot!.sessions] }) }),
    ...options,
  });
  const loaded = () => expect.poll(() => desk.field('model')).toMatchObject({ loading: false });
  return { folder, entry, client, desk, loaded };
}

describe('a new session', () => {
  it('is made where the selected one is, with what opencode takes by itself, and attached to', async () => {
    const { folder, entry, client, desk, loaded } = await openDesk();
    const done = newSession(desk.ports, selecting(entry));
    expect(desk.field('directory')).toMatchObject({ editor: { text: join(folder, 'shop') } });
    await loaded();
    expect(desk.field('agent')).toMatchObject({ at: 0 });
    expect(desk.field('model')).toMatchObject({ at: 0 });
    desk.submit();
    await done;
    expect(client.created).toEqual([{ directory: join(folder, 'shop'), title: null, agent: null, model: null }]);
    expect(client.prompts).toEqual([]);
    expect(desk.attached).toEqual(['web1 ses_new0']);
    expect(desk.store.getState().selected?.key).toBe(sessionKey('web1', 'ses_new0'));
  });

  it('takes title, agent, model and a first prompt as they were given, and stays if that is wished', async () => {
    const { folder, entry, client, desk, loaded } = await openDesk();
    const done = newSession(desk.ports, selecting(entry));
    await loaded();
    desk.fill('title', ' $(touch x) ');
    desk.choose('agent', 'plan');
    desk.choose('model', 'other');
    desk.toggle('attach');
    desk.fill('prompt', 'fix\n  it\n');
    desk.submit();
    await done;
    const directory = join(folder, 'shop');
    expect(client.created).toEqual([{ directory, title: '$(touch x)', agent: 'plan', model: 'stub/other' }]);
    const prompt = { id: 'ses_new0', directory, text: 'fix\n  it\n', agent: 'plan', model: 'stub/other' };
    expect(client.prompts).toEqual([prompt]);
    expect(desk.attached).toEqual([]);
    expect(desk.toast).toBe('web1: session created, and the prompt sent');
  });

  it('is refused where the folder is not, and makes it when it is told to', async () => {
    const { folder, entry, client, desk, loaded } = await openDesk();
    const done = newSession(desk.ports, selectingHost(entry));
    await loaded();
    desk.fill('directory', join(folder, 'new/deep'));
    desk.submit();
    await expect.poll(() => desk.form.error?.text).toMatch(/there is no folder .*new\/deep: switch on/);
    expect(client.created).toEqual([]);
    desk.toggle('create');
    desk.submit();
    await done;
    expect(client.created[0]?.directory).toBe(join(folder, 'new/deep'));
  });

  it('completes folders of the host, and suggests those of its sessions', async () => {
    const { folder, entry, desk } = await openDesk();
    void newSession(desk.ports, selectingHost(entry));
    expect(desk.field('directory')).toMatchObject({
      editor: { text: '' },
      suggestions: [{ value: join(folder, 'shop') }],
    });
    desk.fill('directory', `${folder}/s`);
    desk.dialogs.type({ kind: 'key', key: 'tab' });
    await expect.poll(() => desk.field('directory')).toMatchObject({ editor: { text: `${folder}/shop/` } });
    desk.fill('directory', 'nowhere');
    desk.dialogs.type({ kind: 'key', key: 'tab' });
    await expect
      .poll(() => desk.field('directory'))
      .toMatchObject({ completion: { note: 'a path must start with / or ~/' } });
  });

  it.each(['', 'SHO'])('completes %j by what is suggested', async (typed) => {
    const { folder, entry, desk } = await openDesk();
    void newSession(desk.ports, selectingHost(entry));
    desk.fill('directory', typed);
    desk.dialogs.type({ kind: 'key', key: 'tab' });
    await expect.poll(() => desk.field('directory')).toMatchObject({ asking: null, completion: { value: typed } });
    for (let taps = 0; taps < 2 && typed !== ''; taps += 1) desk.dialogs.type({ kind: 'key', key: 'tab' });
    expect(desk.field('directory')).toMatchObject({ editor: { text: join(folder, 'shop') } });
  });

  it('starts no server before it is made, and says that one was started', async () => {
    let clients = 0;
    const facts = { pid: 8, startId: '70', hostname: '127.0.0.1', port: 4000, directory: null, version: null };
    const { entry, client, desk } = await openDesk(
      {},
      {
        clientNow: () => null,
        clients: () => {
          clients += 1;
          return client;
        },
        onRefresh: () => {
          const sessions = [aSession({ id: 'ses_new0' }), ...entry.snapshot!.sessions];
          desk.put({ ...entry, snapshot: aSnapshot({ sessions, servers: [{ ...facts, own: true }] }) });
        },
      },
    );
    const done = newSession(desk.ports, selecting(entry));
    await expect.poll(() => desk.field('model')).toMatchObject({ loading: false });
    const note = 'left to opencode: no server runs there; one is started when the session is created';
    expect(desk.field('agent')).toMatchObject({ loading: false, note });
    expect(clients).toBe(0);
    desk.submit();
    await done;
    expect(client.created).toHaveLength(1);
    expect(desk.toast).toBe('web1: session created; a server was started there, on port 4000');
  });

  it('can be made although the lists cannot be read', async () => {
    const { entry, client, desk, loaded } = await openDesk({
      agents: () => Promise.reject(new ServerError('http', 'GET /agent', 'broken')),
      models: () => Promise.reject(new ServerError('http', 'GET /config', 'broken')),
    });
    const done = newSession(desk.ports, selecting(entry));
    await loaded();
    expect(desk.field('agent')).toMatchObject({ note: 'left to opencode: broken' });
    desk.submit();
    await done;
    expect(client.created).toHaveLength(1);
  });

  it('refuses an agent that the directory has not', async () => {
    const { folder, entry, client, desk, loaded } = await openDesk({
      agents: async (directory) => (directory.endsWith('shop') ? AGENTS : AGENTS.slice(0, 1)),
    });
    void newSession(desk.ports, selecting(entry));
    await loaded();
    desk.fill('directory', folder);
    desk.choose('agent', 'plan');
    desk.submit();
    await expect.poll(() => desk.form.error?.text).toBe(`there is no agent plan in ${folder}`);
    expect(client.created).toEqual([]);
  });

  it('is made once only when its prompt is not taken at first', async () => {
    let attempts = 0;
    const { entry, client, desk, loaded } = await openDesk({
      prompt: async () => {
        attempts += 1;
        if (attempts === 1) throw new ServerError('timeout', 'POST /x', 'no answer');
      },
    });
    const done = newSession(desk.ports, selecting(entry));
    await loaded();
    desk.fill('prompt', 'go');
    desk.submit();
    await expect.poll(() => desk.form.error?.text).toBe('no answer');
    desk.submit();
    await done;
    expect([client.created.length, attempts]).toEqual([1, 2]);
  });

  it('is told of when the user leaves after its prompt was not taken', async () => {
    const { entry, desk, loaded } = await openDesk({
      prompt: () => Promise.reject(new ServerError('timeout', 'POST /x', 'no answer')),
    });
    const done = newSession(desk.ports, selecting(entry));
    await loaded();
    desk.fill('prompt', 'go');
    desk.submit();
    await expect.poll(() => desk.form.error?.text).toBe('no answer');
    desk.cancel();
    if (desk.modal !== null) desk.cancel();
    await done;
    expect(desk.toast).toBe('web1: the session was created, but its prompt may not have arrived');
    expect(desk.attached).toEqual([]);
    expect(desk.store.getState().selected?.key).toBe(sessionKey('web1', 'ses_new0'));
  });

  it('is told of when the user leaves while it is being made', async () => {
    const reached = Promise.withResolvers<void>();
    const createSession: ServerClient['createSession'] = () => {
      reached.resolve();
      return new Promise(() => {});
    };
    const { entry, desk, loaded } = await openDesk({ createSession });
    const done = newSession(desk.ports, selecting(entry));
    await loaded();
    desk.submit();
    await reached.promise;
    desk.cancel();
    await done;
    expect(desk.modal).toBeNull();
    expect(desk.toast).toBe('web1: cancelled while it was being created: it may exist anyway');
  });
});
