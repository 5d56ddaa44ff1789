import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import ssh2 from 'ssh2';
import { describe, expect, it } from 'vitest';
import type { PendingRequest } from '../../src/domain/live.ts';
import { portableScript } from '../../src/lib/shell-quote.ts';
import { attachScript } from '../../src/opencode/attach-command.ts';
import { deleteWithExport } from '../../src/operations/delete/delete-with-export.ts';
import { rememberedBatches } from '../../src/operations/delete/deleted.ts';
import { restore } from '../../src/operations/delete/restore.ts';
import { sendReply } from '../../src/operations/requests/answer-request.ts';
import { setArchived } from '../../src/operations/sessions/archive-session.ts';
import { createSession } from '../../src/operations/sessions/create-session.ts';
import { fork } from '../../src/operations/sessions/fork-session.ts';
import { setTitle } from '../../src/operations/sessions/rename-session.ts';
import { sendPrompt } from '../../src/operations/sessions/send-prompt.ts';
import { searchTranscripts } from '../../src/operations/transcripts/search-transcripts.ts';
import { makeTempDir } from '../support/temp-dir.ts';
import { aDemo } from './a-demo.ts';

const { signal } = new AbortController();

async function contextOf({ engine }: Pick<Awaited<ReturnType<typeof aDemo>>, 'engine'>) {
  return engine.context({ signal, exportFolder: await makeTempDir() });
}

describe('the simulated hosts', () => {
  it('answer to the real survey, but for the one that wants a password and the one that is off', async () => {
    const { fleet, entryOf, demo } = await aDemo();
    const entries = [...fleet.getState().entries.values()];
    expect(entries).toHaveLength(11);
    const silent = entries.filter(({ snapshot }) => snapshot === null).map(({ host }) => host.alias);
    expect(silent.sort()).toEqual(['edge-fra', 'nas']);
    expect(entryOf('edge-fra').failure?.status).toBe('auth-required');
    for (const { host, snapshot } of entries) {
      if (snapshot === null) continue;
      const kept = demo.hosts.find(({ seed }) => seed.alias === host.alias)?.opencode.kept;
      expect([...(kept?.keys() ?? [])].sort()).toEqual(snapshot.sessions.map(({ id }) => id).sort());
      expect(snapshot.rung).toBe('sqlite3');
      expect(snapshot.servers).toHaveLength(host.alias === 'prod-db' ? 0 : 1);
    }
    expect(entryOf('prod-api').snapshot?.sessions[0]?.directory).toMatch(/^\/home\/deploy\//);
  });

  it('tell what their sessions cost today, and find texts in transcripts', async () => {
    const fixture = await aDemo(['prod-db']);
    const { sessions } = fixture.entryOf('prod-db').snapshot ?? { sessions: [] };
    expect(sessions.some(({ today }) => today !== null && today !== undefined)).toBe(true);
    const found: string[] = [];
    const context = await contextOf(fixture);
    for await (const event of searchTranscripts(context, 'Index Bloat', {}, signal)) {
      if (event.kind === 'found') found.push(...event.findings.map(({ excerpt }) => excerpt.text));
    }
    expect(found).toEqual([expect.stringMatching(/index bloat report/i)]);
  });

  it('let no one in without the key of the run, whatever password comes', async () => {
    const { demo } = await aDemo(['prod-api', 'prod-db', 'edge-fra']);
    for (const { port, seed } of demo.hosts.filter(({ seed: { behaviour } }) => behaviour !== 'silent')) {
      const stranger = ssh2.utils.generateKeyPairSync('ed25519').private;
      const login = { host: '127.0.0.1', port, username: seed.user };
      await expect(logIn({ ...login, password: 'demo' })).rejects.toThrow('authentication');
      const typed = { tryKeyboard: true, password: 'demo' };
      await expect(logIn({ ...login, ...typed, privateKey: stranger })).rejects.toThrow('authentication');
    }
  });

  it('leave no process, port or folder behind', async () => {
    const { demo, close } = await aDemo(['prod-api', 'gpu-02']);
    expect(processesIn(demo.folder)).not.toEqual([]);
    await close();
    expect(existsSync(demo.folder)).toBe(false);
    await expect.poll(() => processesIn(demo.folder)).toEqual([]);
    for (const { port } of demo.hosts) expect(await isListening(port)).toBe(false);
  });
});

describe('a simulated session', () => {
  it('goes on once its permission is allowed', async () => {
    const fixture = await aDemo(['prod-api']);
    const { entryOf, sessionOf, pass, kept } = fixture;
    const session = sessionOf('prod-api', 'Fix webhook retries');
    const asked = () => requestOf(entryOf('prod-api').live.requests, session.id);
    await expect.poll(asked).toBeDefined();
    const pending = asked();
    if (pending === undefined) throw new Error('nothing is asked');
    expect(pending.request).toMatchObject({ kind: 'permission', command: 'npm run migrate -- --env staging' });
    await sendReply(await contextOf(fixture), 'prod-api', pending, { kind: 'once' });
    const simulated = kept('prod-api', session.id);
    const done = () => simulated.messages.at(-1)?.parts ?? [];
    const before = done().length;
    expect(done().at(-1)).toMatchObject({ tool: 'bash', state: { status: 'running' } });
    pass(() => done().length > before);
    expect(done()[before - 1]).toMatchObject({ tool: 'bash', state: { status: 'completed' } });
    await expect.poll(asked).toBeUndefined();
  });

  it('answers a prompt', async () => {
    const fixture = await aDemo(['staging']);
    const { sessionOf, pass, kept, engine } = fixture;
    const { id, directory } = sessionOf('staging', 'Seed 10,000 invoices');
    await sendPrompt(await contextOf(fixture), { alias: 'staging', id }, 'Use 20,000 instead', signal);
    const simulated = kept('staging', id);
    expect(simulated.status).toEqual({ type: 'busy' });
    pass(() => simulated.status === null);
    const client = await engine.clientFor({ alias: 'staging', id }, 'read', signal);
    const [prompt, reply] = (await client.messages(id, directory, 2, signal)).slice(-2);
    expect(prompt).toMatchObject({ role: 'user', parts: [{ text: 'Use 20,000 instead' }] });
    expect(reply?.parts[0]).toMatchObject({ text: expect.stringContaining('You asked: "Use 20,000 instead"') });
  });

  it('is created, renamed, forked, archived, deleted and brought back', async () => {
    const fixture = await aDemo(['dev-kim']);
    const { entryOf, engine, kept } = fixture;
    const context = await contextOf(fixture);
    const wanted = { title: 'Mine', agent: 'plan', model: null, prompt: null, directory: '/home/kim/app' };
    const { id } = await createSession(context, 'dev-kim', wanted, signal);
    const ref = { alias: 'dev-kim', id };
    await setTitle(context, ref, 'Renamed', signal);
    expect(kept('dev-kim', id).session).toMatchObject({ title: 'Renamed', agent: 'plan' });
    const copy = await fork(context, ref, signal);
    expect(copy).toMatchObject({ title: 'Renamed (fork #1)', directory: '/home/kim/app' });
    await setArchived(context, ref, { archived: true, batch: 'one' }, signal);
    expect(kept('dev-kim', id).session.time.archived).toBeGreaterThan(0);
    await engine.refreshHost('dev-kim');
    await deleteWithExport(context, ref, { batch: 'two' }, signal);
    await expect.poll(() => entryOf('dev-kim').snapshot?.sessions.some((one) => one.id === id)).toBe(false);
    const deleted = (await rememberedBatches(context.exportFolder)).flat().find((one) => one.batch === 'two');
    if (deleted === undefined) throw new Error('nothing to undo');
    await restore(context, deleted, signal);
    expect(kept('dev-kim', id).session.title).toBe('Renamed');
  });

  it('says so where it does not do what was asked', async () => {
    const { engine, sessionOf } = await aDemo(['staging']);
    const { id, directory } = sessionOf('staging', 'Seed 10,000 invoices');
    const client = await engine.clientFor({ alias: 'staging', id }, 'write', signal);
    await expect(client.share({ id, directory }, signal)).rejects.toThrow('not simulated in the demo');
  });

  it('gets a server where none ran, which ends with the demo', async () => {
    const fixture = await aDemo(['prod-db']);
    const { sessionOf, kept, demo, close } = fixture;
    const { id } = sessionOf('prod-db', 'Index bloat report');
    await sendPrompt(await contextOf(fixture), { alias: 'prod-db', id }, 'Again, for all tables', signal);
    expect(kept('prod-db', id).status).toEqual({ type: 'busy' });
    await close();
    await expect.poll(() => processesNaming(demo.folder)).toEqual([]);
  });

  it('opens on a terminal, marked as simulated, takes prompts, and ends by /exit', async () => {
    const { engine, entryOf, sessionOf, kept } = await aDemo(['prod-web']);
    const session = sessionOf('prod-web', 'Changelog as RSS');
    const { host, snapshot } = entryOf('prod-web');
    const server = await engine.attachServer(host, session, signal);
    const script = attachScript(snapshot?.opencode.path ?? '', session, server);
    const transport = await engine.transport('prod-web', 'write', signal);
    const size = { columns: 80, rows: 24, term: 'xterm-256color' };
    const pty = await transport.pty(portableScript(script), size, signal);
    let output = '';
    pty.onData((chunk) => {
      output += chunk.toString('utf8');
    });
    await expect.poll(() => output).toContain('DEMO');
    expect(output).toContain('Changelog as RSS');
    pty.write('add dates\r');
    await expect.poll(() => output).toContain('┃ add dates');
    expect(kept('prod-web', session.id).status).toEqual({ type: 'busy' });
    pty.write('/exit\r');
    expect(await pty.exit).toEqual({ code: 0, signal: null });
  });
});

function requestOf(requests: ReadonlyMap<string, PendingRequest>, sessionId: string): PendingRequest | undefined {
  return [...requests.values()].find(({ request }) => request.sessionId === sessionId);
}

function logIn(options: ssh2.ConnectConfig): Promise<void> {
  const client = new ssh2.Client();
  client.on('keyboard-interactive', (_name, _text, _language, _prompts, finish) => finish(['demo']));
  return new Promise<void>((resolve, reject) => {
    client.on('ready', resolve).on('error', reject).connect(options);
  }).finally(() => client.end());
}

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}

/** Processes with a folder in their arguments. */
function processesNaming(folder: string): string[] {
  return readdirSync('/proc').filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readFileSync(join('/proc', pid, 'cmdline'), 'utf8').includes(folder);
    } catch {
      return false;
    }
  });
}

/** Processes that work in a folder, also once that is gone. */
function processesIn(folder: string): string[] {
  return readdirSync('/proc').filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readlinkSync(join('/proc', pid, 'cwd')).startsWith(folder);
    } catch {
      return false;
    }
  });
}
