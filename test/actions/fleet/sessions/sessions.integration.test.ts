import { once } from 'node:events';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server as HttpServer } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ActionTarget } from '../../../../src/actions/fleet/fleet-actions.ts';
import { abortSession } from '../../../../src/actions/fleet/sessions/abort-session.ts';
import { archiveSession } from '../../../../src/actions/fleet/sessions/archive-session.ts';
import { editTranscript } from '../../../../src/actions/fleet/sessions/edit-transcript.ts';
import { forkSession } from '../../../../src/actions/fleet/sessions/fork-session.ts';
import { newSession } from '../../../../src/actions/fleet/sessions/new-session.ts';
import { promptSession } from '../../../../src/actions/fleet/sessions/prompt-session.ts';
import { pruneSessions } from '../../../../src/actions/fleet/sessions/prune-sessions.ts';
import { renameSession } from '../../../../src/actions/fleet/sessions/rename-session.ts';
import { shareSession } from '../../../../src/actions/fleet/sessions/share-session.ts';
import { NOTHING_LIVE } from '../../../../src/domain/live.ts';
import type { Session } from '../../../../src/domain/session.ts';
import type { ServerClient } from '../../../../src/opencode/server/server-client.ts';
import { sessionKey } from '../../../../src/store/keys.ts';
import { LocalTransport } from '../../../../src/transport/child/local-transport.ts';
import { createClient, HOSTILE, type ServerLab, startServerLab } from '../../../opencode/server/server-lab.ts';
import { aHost, anEntry, aSnapshot } from '../../../support/builders.ts';
import { Desk, marking, selectingHost } from './desk.ts';

const { signal } = new AbortController();
/** Every process of the machine may be slow at times. */
const poll = <T>(look: () => T) => expect.poll(look, { timeout: 20_000 });

let lab: ServerLab;
let client: ServerClient;
const transport = new LocalTransport();
let desk: Desk;
let editorSaw = '';

beforeAll(async () => {
  lab = await startServerLab(null);
  client = createClient(lab.access);
});

afterAll(async () => {
  transport.close();
  await client?.close();
  await lab?.close();
});

beforeEach(async () => {
  desk = new Desk([anEntry({ host: aHost({ alias: 'here' }), snapshot: aSnapshot(), fresh: true })]);
  Object.assign(desk.ports, {
    clientFor: async () => client,
    clientNow: () => client,
    transport: async () => transport,
    clock: Date.now,
    runEditor: async (path: string) => {
      editorSaw = await readFile(path, 'utf8');
    },
    refreshHost: async (alias: string) => {
      const snapshot = aSnapshot({ at: Date.now(), sessions: await client.sessions(signal) });
      desk.put({ ...desk.store.getState().entries.get(alias)!, snapshot });
      return snapshot;
    },
  });
  await desk.ports.refreshHost('here');
});

const entryNow = () => desk.store.getState().entries.get('here')!;
const read = (session: Session) => client.session(session.id, session.directory, signal);
const create = (title: string, directory = lab.project) =>
  client.createSession({ directory, title, agent: null, model: null }, signal);

/** The target of an action when this session is selected. */
async function selected(session: Session): Promise<ActionTarget> {
  await desk.ports.refreshHost('here');
  const found = entryNow().snapshot!.sessions.find(({ id }) => id === session.id)!;
  return {
    entry: entryNow(),
    project: found.project,
    sessions: [{ entry: entryNow(), session: found }],
    marked: false,
  };
}

async function said(session: Session): Promise<string[]> {
  const messages = await client.messages(session.id, session.directory, 100, signal);
  return messages.flatMap(({ role, parts }) =>
    parts.map((part) => (part.kind === 'text' ? `${role}: ${part.text}` : role)),
  );
}

async function statusOf(session: Session): Promise<string> {
  const { statuses } = await client.read([session.directory], signal);
  return statuses.get(session.id)?.kind ?? 'idle';
}

describe('actions on sessions of a real server', () => {
  it('make one in a folder with a hostile name, with the agent that opencode takes by itself and a first prompt', async () => {
    const done = newSession(desk.ports, selectingHost(entryNow()));
    await poll(() => desk.field('model')).toMatchObject({ loading: false });
    const agent = desk.field('agent');
    expect(agent).toMatchObject({ kind: 'choice', at: 0, note: null });
    expect(agent.kind === 'choice' && agent.options[0]?.value).toBe('build');
    const model = desk.field('model');
    expect(model.kind === 'choice' && typeof model.at === 'number' && model.options[model.at]?.value).toBe('stub/echo');
    const directory = join(lab.home, HOSTILE, 'new $(touch canary)');
    desk.fill('directory', directory);
    desk.toggle('create');
    const title = `-rf "it's" $(touch canary) \`x\``;
    desk.fill('title', title);
    desk.fill('prompt', 'hello\n  $(touch canary)\n"there"');
    desk.submit();
    await done;
    const [key] = desk.attached;
    const made = entryNow().snapshot!.sessions.find(({ id }) => key === `here ${id}`)!;
    expect(made).toMatchObject({ title, directory });
    expect(desk.store.getState().selected?.key).toBe(sessionKey('here', made.id));
    await poll(() => said(made)).toEqual(expect.arrayContaining(['user: hello\n  $(touch canary)\n"there"']));
  });

  it('make one as another agent when that is chosen', async () => {
    const done = newSession(desk.ports, { ...selectingHost(entryNow()), project: lab.project });
    await poll(() => desk.field('model')).toMatchObject({ loading: false });
    desk.choose('agent', 'plan');
    desk.toggle('attach');
    desk.fill('prompt', 'hello');
    desk.submit();
    await done;
    const id = entryNow().snapshot!.sessions.toSorted((a, b) => b.created - a.created)[0]!.id;
    const agents = async () => (await client.messages(id, lab.project, 10, signal)).map(({ agent }) => agent);
    await poll(agents).toContain('plan');
    const made = entryNow().snapshot!.sessions.find((session) => session.id === id)!;
    await poll(() => statusOf(made)).toBe('idle');
    const prompting = promptSession(desk.ports, await selected(made));
    desk.fill('prompt', 'go on');
    desk.submit();
    await prompting;
    await poll(agents).toEqual(['plan', 'plan', 'plan', 'plan']);
    expect(await said(made)).toContain('user: go on');
  });

  it('prompt, stop, rename and show in an editor', async () => {
    const session = await create('Work');
    const prompting = promptSession(desk.ports, await selected(session));
    desk.fill('prompt', 'count slowly\n\u001b[31m');
    desk.submit();
    await prompting;
    await poll(() => statusOf(session)).toBe('busy');
    await poll(async () => (await said(session)).join('\n')).toContain('assistant: ');
    expect(await said(session)).toContain('user: count slowly\n\u001b[31m');

    const facts = { server: 's', since: 0, heardAt: 0, todo: null, status: { kind: 'busy' } as const };
    desk.put({ ...entryNow(), live: { ...NOTHING_LIVE, sessions: new Map([[session.id, facts]]) } });
    const stopping = abortSession(desk.ports, await selected(session));
    await desk.answer('y');
    await stopping;
    await poll(() => statusOf(session)).toBe('idle');

    const renaming = renameSession(desk.ports, await selected(session));
    desk.fill('title', `"x" 'y' $(z)`);
    desk.submit();
    await renaming;
    expect((await read(session))?.title).toBe(`"x" 'y' $(z)`);

    await editTranscript(desk.ports, await selected(session));
    expect(editorSaw).toContain(`# "x" 'y' $(z)`);
    expect(editorSaw).toMatch(/## user · .*\n\ncount slowly\n/);
    expect(editorSaw).toMatch(/## assistant · .*\n\nstep 1/);
    expect(editorSaw).not.toContain('\u001b');
  });

  it('archive several and take them out again', async () => {
    const sessions = [await create('One'), await create('Two', join(lab.home, HOSTILE))];
    const targets = async () => marking(...(await Promise.all(sessions.map(selected))).flatMap((one) => one.sessions));
    const archiving = archiveSession(desk.ports, await targets());
    await desk.answer('y');
    await archiving;
    expect(desk.outcomes.map((line) => line.split(' ')[0])).toEqual(['ok', 'ok']);
    desk.press('esc');
    for (const session of sessions) expect((await read(session))?.archived).toBeGreaterThan(Date.now() - 60_000);
    const takingOut = archiveSession(desk.ports, await targets());
    await desk.waitForModal('confirm');
    expect(desk.question[0]).toBe('Unarchive 2 sessions?');
    await desk.answer('y');
    await takingOut;
    for (const session of sessions) expect((await read(session))?.archived).toBeNull();
  });

  it('fork, and select the fork', async () => {
    const session = await create('Root');
    await client.prompt({ id: session.id, directory: session.directory, text: 'hi', agent: null, model: null }, signal);
    await poll(() => said(session)).toContain('assistant: You said: hi');
    await forkSession(desk.ports, await selected(session));
    const fork = entryNow().snapshot!.sessions.find(
      ({ id }) => desk.store.getState().selected?.key === sessionKey('here', id),
    )!;
    expect(fork.id).not.toBe(session.id);
    expect(await said(fork)).toEqual(await said(session));
  });

  it('prune what is old, also where its folder is gone, and leave alone what works', async () => {
    const gone = join(lab.home, 'gone');
    const done = newSession(desk.ports, selectingHost(entryNow()));
    desk.fill('directory', gone);
    desk.toggle('create');
    desk.submit();
    await done;
    await rm(gone, { recursive: true });
    const busy = await create('Busy');
    await desk.ports.refreshHost('here');
    const facts = { server: 's', since: 0, heardAt: 0, todo: null, status: { kind: 'busy' } as const };
    desk.put({ ...entryNow(), live: { ...NOTHING_LIVE, sessions: new Map([[busy.id, facts]]) } });
    const pruning = pruneSessions(desk.ports, selectingHost(entryNow()));
    desk.fill('age', '1ms');
    desk.submit();
    await desk.waitForModal('confirm');
    expect(desk.question.join('\n')).toMatch(/left alone, since it works: here: Busy/);
    const shown = desk.question.filter((line) => line.startsWith('here: '));
    await desk.answer('y');
    await pruning;
    expect(desk.outcomes).toHaveLength(shown.length);
    expect(desk.outcomes.filter((line) => !line.startsWith('ok '))).toEqual([]);
    const archived = (await client.sessions(signal)).filter((one) => one.archived !== null);
    expect(archived.map(({ directory }) => directory)).toContain(gone);
    expect((await read(busy))?.archived).toBeNull();
    desk.press('esc');

    const exportFolder = join(lab.home, 'exports');
    Object.assign(desk.ports, { exportFolder, endAttached: () => {} });
    const deleting = pruneSessions(desk.ports, { ...selectingHost(entryNow()), project: gone });
    desk.fill('age', '1ms');
    desk.choose('act', 'delete');
    desk.submit();
    await desk.waitForModal('confirm');
    expect(desk.question[0]).toBe('Delete 1 session?');
    await desk.answer('y');
    await deleting;
    expect(desk.outcomes).toEqual([expect.stringContaining(`ok here: `)]);
    const path = desk.outcomes[0]!.slice(desk.outcomes[0]!.indexOf(exportFolder));
    expect(JSON.parse(await readFile(path, 'utf8'))).toMatchObject({ info: { directory: gone } });
    expect((await client.sessions(signal)).map(({ directory }) => directory)).not.toContain(gone);
  });
});

describe('sharing on a real server', () => {
  let service: HttpServer;
  const requests: string[] = [];

  beforeAll(async () => {
    service = createServer((request, response) => {
      requests.push(`${request.method} ${request.url}`);
      request.resume();
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ id: 'pub', url: 'http://service.example/s/pub', secret: 'x' }));
    }).listen(0, '127.0.0.1');
    await once(service, 'listening');
  });

  afterAll(() => {
    service.closeAllConnections();
    service.close();
  });

  it('is refused where the configuration forbids it, which is said', async () => {
    const session = await create('Private');
    const done = shareSession(desk.ports, await selected(session));
    await desk.answer('y');
    await done;
    expect(desk.toast).toMatch(/opencode did not share it/);
    expect(desk.errorLines.join('\n')).toContain('share: "disabled"');
  });

  it('gives an address, and takes it back', async () => {
    const address = service.address();
    const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
    // opencode reads a folder's configuration once.
    const folder = join(lab.home, 'public');
    await mkdir(folder);
    await writeFile(join(folder, 'opencode.json'), JSON.stringify({ share: 'manual', enterprise: { url } }));
    const session = await create('Public', folder);
    const done = shareSession(desk.ports, await selected(session));
    await desk.answer('y');
    await done;
    expect(desk.toast).toContain('http://service.example/s/pub');
    const again = shareSession(desk.ports, await selected(session));
    await desk.answer('y');
    await again;
    expect(desk.toast).toContain('no longer public');
    expect(requests.some((line) => line.startsWith('DELETE '))).toBe(true);
  });
});
