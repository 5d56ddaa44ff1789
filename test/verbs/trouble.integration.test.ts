import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { watchLineSchema } from '../../src/verbs/streams/watch-line.ts';
import { startOpencodeServer } from '../fleet/opencode-server.ts';
import { type Outcome, program } from '../support/fleet-program.ts';
import { startVerbFleet, type VerbFleet } from './verb-fleet.ts';

let verbs: VerbFleet;
let environment: NodeJS.ProcessEnv;
let directory: string;

beforeAll(async () => {
  verbs = await startVerbFleet();
  [directory] = verbs.projects;
  environment = { ...verbs.fleet.environment, OPENCODE_BASE_URL: verbs.plain.url };
});
afterAll(() => verbs?.close());

const run = (words: readonly string[], more: NodeJS.ProcessEnv = {}) => verbs.run(words, { ...environment, ...more });
const json = (words: readonly string[], more: NodeJS.ProcessEnv = {}) => verbs.json(words, { ...environment, ...more });
const newSession = async (title = 'Trouble') => (await json(['create', '--directory', directory, '--title', title])).id;

/** Starts ocr and returns how it ends. */
function start(words: readonly string[], more: NodeJS.ProcessEnv = {}) {
  const child = spawn(process.execPath, [program, ...words], { env: { ...environment, ...more } });
  const code = new Promise<number | null>((resolve) => child.on('close', resolve));
  const ended = Promise.all([code, text(child.stdout), text(child.stderr)]).then(
    ([status, stdout, stderr]): Outcome => ({ code: status, stdout, stderr }),
  );
  return { child, ended };
}

/** A server that hangs: it takes each request and never answers. */
async function startDeaf(): Promise<string> {
  const server = createServer(() => {});
  server.listen(0, '127.0.0.1');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe('a name', () => {
  it('may be the start of an id or a title, and lists the candidates when it becomes ambiguous', async () => {
    const first = await newSession('Only one of this name');
    expect((await json(['status', 'only one of this name'])).sessions[0].id).toBe(first);
    expect((await json(['status', first.slice(0, 20)])).sessions[0].id).toBe(first);
    const second = await newSession('Only one of this name');
    const { code, stdout, stderr } = await run(['prompt', 'Only one of this name', 'hello']);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('is ambiguous: it fits 2 sessions');
    for (const id of [first, second]) expect(stderr).toContain(id);
    expect((await run(['status', 'ses_'])).code).toBe(4);
  });

  it('that nothing has is not found, with the hosts that could not be asked', async () => {
    const { code, stderr } = await run([
      'messages',
      'ses_nothing',
      '--on',
      verbs.plain.url,
      '--on',
      'http://127.0.0.1:9',
    ]);
    expect(code).toBe(4);
    expect(stderr).toContain('there is no session "ses_nothing"; not asked, since out of reach: http://127.0.0.1:9');
  });

  it('of a host that does not exist is an error of usage', async () => {
    for (const verb of ['sessions', 'sync', 'instances']) {
      expect(await run([verb, '--on', 'nowhere'])).toMatchObject({
        code: 2,
        stderr: expect.stringContaining('"nowhere"'),
      });
    }
  });
});

describe('a target out of reach', () => {
  it('fails a verb that needs it with a status of its own', async () => {
    for (const words of [
      ['create', '--directory', directory],
      ['messages', 'ses_1'],
      ['one-shot', 'x'],
    ]) {
      const { code, stderr } = await run([...words, '--on', 'http://127.0.0.1:9']);
      expect(code).toBe(3);
      expect(stderr).toContain('connection refused');
    }
  });

  it('delays no other: ten targets take as long as the slowest', async () => {
    const config = join(verbs.fleet.directory, 'deaf.yaml');
    await writeFile(config, 'polling: {timeout: 3s}\nhosts: {local: false}\n');
    const deaf = await Promise.all(Array.from({ length: 9 }, startDeaf));
    const on = [verbs.plain.url, ...deaf].flatMap((url) => ['--on', url]);
    const at = performance.now();
    const { code, stdout, stderr } = await run(['sessions', '--json', '--config', config, ...on]);
    // One after the other would be 27 s. The bench has the figures.
    expect(performance.now() - at).toBeLessThan(20_000);
    expect(code).toBe(0);
    expect(JSON.parse(stdout).length).toBeGreaterThan(0);
    expect(stderr.match(/no answer within 3 s/g)).toHaveLength(9);
  });

  it('is left out of a listing that has to be there in time', async () => {
    const [first = ''] = [await startDeaf()];
    const listed = await run(['sessions', '--json', '--timeout', '1s', '--on', verbs.plain.url, '--on', first]);
    expect(listed).toMatchObject({ code: 0, stderr: expect.stringContaining(`${first}: no answer in time`) });
    expect(JSON.parse(listed.stdout).length).toBeGreaterThan(0);
    const late = await run(['sessions', '--json', '--timeout', '1s', '--on', first]);
    expect(late).toMatchObject({ code: 5, stdout: '' });
  });
});

describe('a read-only host', () => {
  it('refuses every change, and sends nothing', async () => {
    const id = await newSession();
    for (const words of [
      ['prompt', id, 'x'],
      ['rename', id, 'y'],
      ['delete', id],
      ['create'],
      ['abort', id],
      ['fork', id],
    ]) {
      const { code, stderr } = await run(['--readonly', ...words]);
      expect({ words, code, stderr }).toMatchObject({ code: 6, stderr: expect.stringContaining('read-only') });
    }
    expect(await json(['messages', id])).toEqual([]);
    expect((await json(['status', id], {})).sessions[0].title).toBe('Trouble');
  });
});

describe('a reply', () => {
  it('to a request that nobody asks is not found', async () => {
    expect(await run(['approve', 'per_nothing'])).toMatchObject({ code: 4 });
    expect(await run(['answer', 'que_nothing', 'yes'])).toMatchObject({ code: 4 });
    expect(await run(['approve'])).toMatchObject({ code: 2 });
  });

  it('to all permissions that match leaves the others', async () => {
    const [one, two] = [await newSession(), await newSession()];
    await json(['prompt', one, 'ask permission']);
    await json(['prompt', two, 'ask outside']);
    for (const id of [one, two]) expect(await json(['wait', id])).toMatchObject({ outcome: 'asks' });
    expect(await json(['approve', '--all', '--where', 'touch *'])).toMatchObject([{ sessionID: one, reply: 'once' }]);
    expect(await json(['permissions', '--session', two])).toMatchObject([{ permission: 'external_directory' }]);
    expect(await json(['reject', two, '--message', 'not there'])).toMatchObject([{ sessionID: two, reply: 'reject' }]);
    expect(await json(['permissions', '--session', two])).toEqual([]);
  });
});

describe('a host with several servers', () => {
  it('is asked through the one that works on the session, and nothing is left at any', async () => {
    const { machine, home, environment: hostEnvironment } = verbs.fleet.host('alpha');
    if (machine === null) return expect.unreachable('alpha has no machine');
    const plan = { machine, binary: verbs.fleet.opencode, environment: hostEnvironment, cwd: home };
    const second = await startOpencodeServer({ ...plan, log: join(home, '.second.log') });
    onTestFinished(() => machine.signal(second.pid, 'KILL'));
    const ssh = ['--ssh-config', verbs.fleet.sshConfig, '--on', 'alpha'];
    const over = { OPENCODE_BASE_URL: '' };
    for (const server of [verbs.plain, second]) {
      const { id } = await json(['create', '--directory', directory], { OPENCODE_BASE_URL: server.url });
      await json(['prompt', id, 'slowly please'], { OPENCODE_BASE_URL: server.url });
      const waited = await run(['wait', id, '--timeout', '2', ...ssh], over);
      expect(waited).toMatchObject({ code: 5, stderr: expect.stringContaining('the turn still runs') });
      expect(await json(['abort', id, ...ssh], over)).toMatchObject({ result: 'stopped' });
      expect((await run(['wait', id, '--timeout', '20', ...ssh], over)).code).toBe(1);
    }
    const shot = await run(['one-shot', 'hang please', '--timeout', '3', '--directory', directory, ...ssh], over);
    expect(shot).toMatchObject({ code: 5, stderr: expect.stringContaining('The session was deleted.') });
    for (const server of [verbs.plain, second]) {
      expect(await server.request('GET', '/session/status', directory)).toEqual({});
    }
  });
});

describe('a server that restarts during a wait', () => {
  it('is waited for, and its turn is said to be cut off', async () => {
    const { machine, home, environment: hostEnvironment } = verbs.fleet.host('alpha');
    if (machine === null) return expect.unreachable('alpha has no machine');
    const plan = { machine, binary: verbs.fleet.opencode, environment: hostEnvironment, cwd: home };
    const server = await startOpencodeServer({ ...plan, log: join(home, '.short.log') });
    const at = { OPENCODE_BASE_URL: server.url };
    const { id } = await json(['create', '--directory', directory], at);
    const { child, ended } = start(['chat', id, 'slowly please', '--timeout', '60'], at);
    await vi.waitFor(async () => expect((await json(['messages', id], at)).length).toBe(2), {
      ...{ timeout: 20_000, interval: 200 },
    });
    await machine.signal(server.pid, 'KILL');
    const again = await startOpencodeServer({ ...plan, log: join(home, '.again.log'), port: server.port });
    const { code, stdout, stderr } = await ended;
    child.kill();
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain('the server does not answer; ocr keeps trying');
    expect(stderr).toMatch(/the turn was cut off, and no server works on it; the prompt is recorded as msg_/);
    expect(await json(['diagnose', id], at)).toMatchObject({ session: { id } });
    await machine.signal(again.pid, 'KILL');
  });
});

// biome-ignore lint/suspicious/noExplicitAny: each test checks the fields that it reads.
type Line = Record<string, any>;

/** Starts a stream of ocr, whose lines can be waited for. */
function startStream(words: readonly string[]) {
  const lines: Line[] = [];
  const child = spawn(process.execPath, [program, ...words], { env: environment });
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  createInterface(child.stdout).on('line', (line) => lines.push(JSON.parse(line)));
  return {
    lines,
    until: (fits: (line: Line) => boolean) =>
      vi.waitFor(() => expect(lines.some(fits)).toBe(true), { timeout: 60_000, interval: 50 }),
    end: (signal: 'SIGINT' | 'SIGTERM') => {
      child.kill(signal);
      return ended;
    },
  };
}

describe('the streams', () => {
  it('tell each change of a session, one line of JSON each, with a heartbeat', async () => {
    const id = await newSession('Watched');
    const { lines, until, end } = startStream(['watch', '--heartbeat', '1s']);
    await until(({ change, session }) => change === 'now' && session.id === id);
    await json(['prompt', id, 'ask permission']);
    await until(({ change, session }) => change === 'changed' && session.id === id && session.status === 'waiting');
    await until(({ kind }) => kind === 'heartbeat');
    expect(await end('SIGINT')).toBe(130);
    expect(lines.filter(({ kind }) => kind === 'host')).toMatchObject([{ status: 'online', unknownSince: null }]);
    for (const line of lines) watchLineSchema.parse(line);
  });

  it('say since when the states of a host are unknown', async () => {
    const { machine, home, environment: hostEnvironment } = verbs.fleet.host('alpha');
    if (machine === null) return expect.unreachable('alpha has no machine');
    const plan = { machine, binary: verbs.fleet.opencode, environment: hostEnvironment, cwd: home };
    const server = await startOpencodeServer({ ...plan, log: join(home, '.lost.log') });
    const config = join(verbs.fleet.directory, 'often.yaml');
    await writeFile(config, 'polling: {interval: 1s, timeout: 5s}\nhosts: {local: false}\n');
    const { until, end } = startStream(['watch', '--config', config, '--on', server.url]);
    await until(({ kind, status }) => kind === 'host' && status === 'online');
    await machine.signal(server.pid, 'KILL');
    await until(({ status, unknownSince }) => status === 'offline' && Date.parse(unknownSince) > 0);
    expect(await end('SIGINT')).toBe(130);
  });

  it('hand on the events of a server as it sends them', async () => {
    const id = await newSession('Events');
    const { lines, until, end } = startStream(['events', '--session', id]);
    await until(({ kind }) => kind === 'connected');
    await json(['chat', id, 'hello']);
    const typeOf = ({ event }: Line) => event?.payload?.type;
    await until((line) => typeOf(line) === 'message.updated');
    await until((line) => typeOf(line) === 'message.part.updated');
    expect(await end('SIGTERM')).toBe(130);
    expect(lines.filter(({ kind }) => kind === 'event').every((line) => JSON.stringify(line).includes(id))).toBe(true);
  });

  it('continue after a cursor, where the server keeps the events of a session', async () => {
    const api = async (path: string, body: object) => {
      const headers = { 'content-type': 'application/json' };
      const response = await fetch(`${verbs.plain.url}${path}`, {
        method: 'POST',
        headers,
        body: JSON.stringify(body),
      });
      return (await response.json()) as { data: { id: string } };
    };
    const { id } = (await api('/api/session', {})).data;
    await api(`/api/session/${id}/prompt`, { prompt: { text: 'hello' } });
    for (const after of [0, 1]) {
      const { lines, until, end } = startStream(['events', '--session', id, '--after', String(after)]);
      await until(({ kind }) => kind === 'event');
      await end('SIGINT');
      expect(lines.find(({ kind }) => kind === 'event')?.cursor).toBe(String(after + 1));
    }
  });
});
