import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { parseConfig } from '../../src/config/parse.ts';
import { Engine } from '../../src/engine/engine.ts';
import { openFleet } from '../../src/engine/open-fleet.ts';
import { sendReply } from '../../src/operations/requests/answer-request.ts';
import { createSession } from '../../src/operations/sessions/create-session.ts';
import { readTranscript } from '../../src/operations/sessions/read-transcript.ts';
import { type Fleet, startFleet } from '../fleet/fleet.ts';
import { type OpencodeServer, startOpencodeServer } from '../fleet/opencode-server.ts';
import { api } from '../fleet/seed-plan.ts';
import { aSetup } from '../support/a-setup.ts';
import { runProgram } from '../support/fleet-program.ts';
import { startPrefixProxy } from '../support/prefix-proxy.ts';
import { makeTempDir } from '../support/temp-dir.ts';
import { promptSession } from '../support/wait-for-answer.ts';

const signal = AbortSignal.timeout(240_000);
const PASSWORD = 'open sesame';
let fleet: Fleet;
/** Of the same home: without a password, and with one. */
let plain: OpencodeServer;
let guarded: OpencodeServer;

beforeAll(async () => {
  fleet = await startFleet({ hosts: ['alpha'] });
  const { machine, home, environment } = fleet.host('alpha');
  const start = (password: object, log: string) =>
    startOpencodeServer({
      machine: machine!,
      binary: fleet.opencode,
      environment: { ...environment, ...password },
      cwd: home,
      log: join(home, log),
    });
  plain = await start({}, '.plain.log');
  guarded = await start({ OPENCODE_SERVER_PASSWORD: PASSWORD }, '.guarded.log');
});

afterAll(() => fleet?.close());

/** An engine of these instances alone; `logged` is everything that it keeps about its requests. */
async function open(instances: Readonly<Record<string, object>>, timeout = '20s') {
  const home = await makeTempDir();
  const sshConfigFile = join(home, 'config');
  await writeFile(sshConfigFile, '');
  const yaml = JSON.stringify({ instances, hosts: { local: false }, polling: { timeout } });
  const { config } = parseConfig(yaml, 'test.yaml');
  const setup = aSetup(config, { sshConfigFile, sshConfigGiven: true, home, routeCacheFile: null });
  const engine = new Engine(await openFleet(setup, Number.POSITIVE_INFINITY), setup);
  onTestFinished(() => engine.close());
  const entryOf = (alias: string) => engine.fleet.getState().entries.get(alias)!;
  return { engine, entryOf, logged: () => JSON.stringify([...engine.fleet.getState().activities]) };
}

async function listen(server: Server, address: string): Promise<number> {
  server.listen(0, address);
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

describe('an instance', () => {
  it.each([
    ['without a password', () => ({ url: plain.url })],
    ['with a password', () => ({ url: guarded.url, password: PASSWORD })],
    ['with a command that prints the password', () => ({ url: guarded.url, password_command: `echo '${PASSWORD}'` })],
  ])('%s lists its sessions, sends its events and takes prompts', async (_name, instance) => {
    const { engine, entryOf, logged } = await open({ dev: instance() });
    engine.start();
    await vi.waitFor(() => expect([...entryOf('dev').live.servers.values()][0]?.state).toBe('live'), 30_000);
    const { snapshot } = entryOf('dev');
    expect(snapshot).toMatchObject({ rung: 'http', connection: { kind: 'url' }, processes: null });
    expect(snapshot?.opencode.version).toMatch(/^1\./);
    expect(snapshot?.sessions.length).toBeGreaterThan(3);

    const context = engine.context({ exportFolder: join(await makeTempDir(), 'exports'), signal });
    const directory = join(fleet.host('alpha').home, api);
    const wanted = { directory, title: 'By its URL', agent: null, model: null, prompt: null };
    const { id } = await createSession(context, 'dev', wanted, signal);
    const ref = { alias: 'dev', id };
    const heard: string[] = [];
    const stop = engine.listen(ref, ({ kind }) => void heard.push(kind));
    const wait = await promptSession(context, ref, 'ask edit', signal);
    const asks = await wait();
    if (asks.kind !== 'asks') return expect.unreachable(`it ${asks.kind}`);
    await sendReply(context, 'dev', { server: '', request: asks.request }, { kind: 'once' }, signal);
    expect(await wait()).toMatchObject({ kind: 'answered' });
    stop();
    expect(heard).toEqual(expect.arrayContaining(['status', 'asked', 'settled']));
    const { messages } = await readTranscript(context, ref, { limit: 100 }, signal);
    expect(messages.map(({ role }) => role)).toEqual(expect.arrayContaining(['user', 'assistant']));
    expect(engine.contentOf(ref)).not.toBeNull();

    const noShell = 'dev is reached by its URL: it has no shell';
    await expect(engine.transport('dev', 'read', signal)).rejects.toThrow(noShell);
    await expect(engine.startServer('dev', signal)).rejects.toThrow(noShell);
    expect(logged()).not.toContain(PASSWORD);
  });

  it('asks about requests that are older than the program', async () => {
    const directory = join(fleet.host('alpha').home, api);
    const { id } = (await plain.request('POST', '/session', directory, { title: 'Older' })) as { id: string };
    const parts = [{ type: 'text', text: 'ask edit' }];
    await plain.request('POST', `/session/${id}/prompt_async`, directory, { parts });
    await vi.waitFor(async () => expect(await plain.request('GET', '/permission', directory)).not.toEqual([]), 30_000);
    const { engine, entryOf } = await open({ dev: { url: plain.url } });
    engine.start();
    const asked = () => [...entryOf('dev').live.requests.values()].map(({ request }) => request.sessionId);
    await vi.waitFor(() => expect(asked()).toContain(id), 30_000);
    await plain.request('DELETE', `/session/${id}`, directory);
  });

  it('is in the lists of the program, from an instances file too', async () => {
    const file = join(await makeTempDir(), 'instances.json');
    await writeFile(file, JSON.stringify({ dev: { url: `${guarded.url}/`, password: PASSWORD } }), { mode: 0o600 });
    const config = join(await makeTempDir(), 'config.yaml');
    await writeFile(config, 'hosts: {local: false}\npolling: {timeout: 60s}\n');
    const parameters = ['--no-cache', '--config', config, '--ssh-config', '/dev/null'];
    const run = async (verb: string, environment: NodeJS.ProcessEnv, ...more: string[]) => {
      const { stdout, stderr } = await runProgram([verb, '--json', ...parameters, ...more], {
        ...fleet.environment,
        ...environment,
      });
      expect(`${stdout}${stderr}`).not.toContain(PASSWORD);
      return JSON.parse(stdout);
    };
    const hosts = await run('hosts', {}, '--instances', file);
    const { port } = guarded;
    const facts = { name: 'dev', status: 'online', transport: 'url', address: '127.0.0.1', port, url: guarded.url };
    expect(hosts).toMatchObject([{ ...facts, live: true, user: null }]);
    expect((await run('sessions', { OPENCODE_INSTANCES_CONFIG: file })).length).toBeGreaterThan(3);
  });
});

describe('an instance that is not there', () => {
  it('says why, and delays no other', async () => {
    const silent = await listen(createServer(), '127.0.0.1');
    const page = createHttpServer((_request, answer) => answer.end('<html>'));
    const foreign = await listen(page, '127.0.0.1');
    const { engine, entryOf, logged } = await open(
      {
        silent: { url: `http://127.0.0.1:${silent}` },
        dead: { url: 'http://127.0.0.1:1' },
        wrong: { url: guarded.url, password: 'not it' },
        none: { url: guarded.url },
        foreign: { url: `http://127.0.0.1:${foreign}` },
        dev: { url: plain.url },
      },
      '8s',
    );
    engine.start();
    await vi.waitFor(() => expect(entryOf('dev').fresh).toBe(true), 7000);
    expect(entryOf('silent').failure).toBeNull();
    await vi.waitFor(() => expect(entryOf('silent').failure).not.toBeNull(), 30_000);
    const failureOf = (alias: string) => entryOf(alias).failure;
    expect(failureOf('silent')).toMatchObject({ status: 'offline', reason: 'no answer within 8 s' });
    expect(failureOf('dead')).toMatchObject({ status: 'offline', reason: 'connection refused' });
    for (const name of ['wrong', 'none']) {
      const hint = `Set instances.${name}.password or instances.${name}.password_command in /nonexistent/remote-tui.yaml.`;
      const reason = name === 'none' ? 'the server wants a password' : 'the server refuses our password';
      expect(failureOf(name)).toMatchObject({ status: 'auth-required', reason, hint });
    }
    expect(failureOf('foreign')).toMatchObject({
      status: 'error',
      reason: expect.stringContaining('no opencode that ocr knows answers there'),
    });
    expect(logged()).not.toContain('not it');
  });
});

describe('a password', () => {
  it('is not sent over plain http to another machine, unless the instance allows that', async () => {
    const address = Object.values(networkInterfaces())
      .flatMap((all) => all ?? [])
      .find(({ internal, family }) => !internal && family === 'IPv4')?.address;
    const host = address ?? '0.0.0.0';
    const connections: string[] = [];
    const recorder = createServer((socket) => {
      connections.push('opened');
      socket.on('data', (chunk) => connections.push(chunk.toString('latin1'))).on('error', () => {});
      socket.end('HTTP/1.1 500 No\r\ncontent-length: 0\r\n\r\n');
    });
    const url = `http://${host}:${await listen(recorder, host)}`;
    const { engine, entryOf } = await open({
      kept: { url, password: PASSWORD },
      printed: { url, password_command: 'false' },
    });
    await engine.askOnce(false);
    for (const name of ['kept', 'printed']) {
      expect(entryOf(name).failure?.reason).toBe(
        'its password is not sent, since anyone on the way could read it over plain http',
      );
      expect(entryOf(name).failure?.hint).toContain('insecure: true');
      await expect(engine.clientFor({ alias: name, id: null }, 'write', signal)).rejects.toThrow('is not sent');
    }
    expect(connections).toEqual([]);
    const allowed = await open({ open: { url, password: PASSWORD, insecure: true } });
    await allowed.engine.askOnce(false);
    const basic = Buffer.from(`opencode:${PASSWORD}`).toString('base64');
    await vi.waitFor(() => expect(connections.join('')).toContain(`Basic ${basic}`));
  });

  it('may be a token, which counts as one', async () => {
    const seen: (string | undefined)[] = [];
    const server = createHttpServer(({ headers }, answer) => {
      seen.push(headers.authorization);
      answer.writeHead(401).end();
    });
    const port = await listen(server, '127.0.0.1');
    const { engine } = await open({ dev: { url: `http://127.0.0.1:${port}` } });
    const config = engine.config.current();
    engine.config.replace({ ...config, instances: { dev: { ...config.instances.dev!, token: 'key-1' } } });
    await vi.waitFor(() => expect(seen).toContain('Bearer key-1'), 10_000);
  });
});

describe('an instance behind a proxy with TLS and a path', () => {
  it('is refused until its certificate is trusted, and then works with its events', async () => {
    const proxy = await startPrefixProxy('/open/code', guarded.port);
    onTestFinished(() => proxy.close());
    const before = getCACertificates('default');
    onTestFinished(() => setDefaultCACertificates(before));
    const instances = { dev: { url: `${proxy.url}/`, password: PASSWORD } };
    const refused = await open(instances);
    await refused.engine.askOnce(false);
    expect(refused.entryOf('dev').failure).toMatchObject({
      status: 'error',
      reason: expect.stringMatching(/^the certificate of localhost:\d+ is not accepted: /),
      hint: expect.stringContaining('NODE_EXTRA_CA_CERTS'),
    });
    expect(proxy.requests).toEqual([]);

    setDefaultCACertificates([...before, proxy.certificate]);
    const { engine, entryOf } = await open(instances);
    engine.start();
    await vi.waitFor(() => expect([...entryOf('dev').live.servers.values()][0]?.state).toBe('live'), 30_000);
    expect(entryOf('dev').snapshot?.sessions.length).toBeGreaterThan(3);
    const host = new URL(proxy.url).host;
    expect(new Set(proxy.requests.map(({ headers }) => headers.host))).toEqual(new Set([host]));
    expect(proxy.requests.map(({ path }) => path)).toContain('/open/code/global/event');
  });
});
