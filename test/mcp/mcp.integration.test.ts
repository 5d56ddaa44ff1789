import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, stat } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { ProgressCallback } from '@modelcontextprotocol/sdk/shared/protocol.js';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { connectClient, type McpFleet, overStdio, startMcpFleet } from './mcp-fleet.ts';

let mcp: McpFleet;

beforeAll(async () => {
  mcp = await startMcpFleet();
});
afterAll(() => mcp?.close());

const on = ['dev'];

/** Makes a session past `ocr`, so that the recorder sees only what `ocr` does. */
async function aSession(title: string, prompt: string | null = null): Promise<string> {
  const { id } = (await mcp.server.request('POST', '/session', mcp.project, { title })) as { id: string };
  const parts = [{ type: 'text', text: prompt }];
  if (prompt !== null) await mcp.server.request('POST', `/session/${id}/prompt_async`, mcp.project, { parts });
  return id;
}

async function toolNames(connected: Awaited<ReturnType<typeof connectClient>>): Promise<string[]> {
  return (await connected.client.listTools()).tools.map(({ name }) => name).sort();
}

describe('a read-only server', () => {
  it('answers every tool and resource, and sends nothing but GET', async () => {
    const asking = await aSession('Asks', 'ask permission');
    const done = await aSession('Done', 'hello');
    mcp.recorder.requests.length = 0;
    const connected = await connectClient(overStdio(mcp));
    onTestFinished(() => connected.client.close());
    const { call, client, called } = connected;
    expect(await call('instances')).toMatchObject({ items: [{ name: 'dev', kind: 'url', healthy: true }], notes: [] });
    expect(await call('hosts', { on })).toMatchObject({ items: [{ name: 'dev', status: 'online' }] });
    expect(await call('sync')).toMatchObject({ items: [{ host: 'dev', sessions: expect.any(Number) }] });
    const { items } = await call('sessions', { project: 'mcp' });
    expect(items.map(({ id }: { id: string }) => id)).toEqual(expect.arrayContaining([asking, done]));
    await vi.waitFor(async () => expect((await call('permissions')).items).toHaveLength(1), 30_000);
    expect(await call('status', { session: 'Asks' })).toMatchObject({ sessions: [{ id: asking, status: 'waiting' }] });
    expect(await call('wait', { session: asking, on })).toMatchObject({ outcome: 'asks' });
    expect(await call('wait', { session: done })).toMatchObject({ outcome: 'ended' });
    expect(await call('messages', { session: done })).toBeDefined();
    expect((await call('diagnose', { session: asking })).findings).not.toEqual([]);
    expect(await call('open', { session: done })).toMatchObject({ sessionID: done });
    expect(await call('export', { session: done })).toMatchObject({ info: { id: done } });
    expect(await call('transcript', { session: done })).toMatchObject({ sessionID: done });
    expect(await call('questions')).toMatchObject({ items: [], total: 0 });
    expect(await call('permissions_saved')).toMatchObject({ items: [] });
    expect((await call('models', { on: 'dev' })).items ?? []).toBeDefined();
    expect(await call('doctor', { on: 'dev' })).toMatchObject({ ok: true });
    expect([...called].sort()).toEqual(await toolNames(connected));

    await expect(call('prompt', { session: done, text: 'hello' })).rejects.toThrow('this server is read-only');
    await expect(call('delete', { session: done, confirm: true })).rejects.toThrow('this server is read-only');
    const { contents } = await client.readResource({ uri: `ocr://transcripts/${done}` });
    expect(contents).toMatchObject([{ mimeType: 'text/markdown', text: expect.stringContaining('You said: hello') }]);
    expect((await client.listResources()).resources.map(({ uri }) => uri)).toContain(`ocr://sessions/${asking}`);

    const methods = mcp.recorder.requests.map(({ method }) => method);
    expect(methods.length).toBeGreaterThan(10);
    expect(new Set(methods)).toEqual(new Set(['GET']));
    await mcp.server.request('DELETE', `/session/${asking}`, mcp.project);
  });

  it('refuses a URL that is no target, and serves the named targets alone', async () => {
    const { call, client } = await connectClient(overStdio(mcp, '--on', mcp.server.url));
    onTestFinished(() => client.close());
    expect(await call('instances')).toMatchObject({ items: [{ name: mcp.server.url }] });
    await expect(call('sessions', { on: [mcp.server.url] })).resolves.toMatchObject({ total: expect.any(Number) });
    await expect(call('sessions', { on: ['http://127.0.0.1:9'] })).rejects.toThrow('is no target of this server');
    await expect(call('sessions', { on })).rejects.toThrow('there is no host "dev"');
  });

  it('reaches a host by SSH, and starts no server there', async () => {
    const { call, client } = await connectClient(overStdio(mcp, '--ssh-config', mcp.fleet.sshConfig, '--on', 'alpha'));
    onTestFinished(() => client.close());
    const { items } = await call('sessions', { limit: 1 });
    expect(items).toMatchObject([{ host: 'alpha' }]);
    expect(await call('transcript', { session: items[0].id })).toMatchObject({ sessionID: items[0].id });
    await expect(call('messages', { session: items[0].id, start: true })).rejects.toThrow('Unrecognized key: "start"');
  });

  it('keeps an impatient client with the progress of a wait, and ends it when the client cancels', async () => {
    const { client, call } = await connectClient(overStdio(mcp));
    onTestFinished(() => client.close());
    const id = await aSession('Hangs', 'hang');
    const waits = { name: 'wait', arguments: { session: id, on, timeout: '6s' } };
    const impatient = { timeout: 4000, resetTimeoutOnProgress: true, onprogress: () => {} };
    const { content } = await client.callTool(waits, undefined, impatient);
    expect(JSON.stringify(content)).toContain('no answer within 6s');
    const stop = new AbortController();
    const told: string[] = [];
    const onprogress: ProgressCallback = ({ message = '' }) => void told.push(message);
    const waiting = client.callTool({ name: 'wait', arguments: { session: id, on } }, undefined, {
      ...{ signal: stop.signal, onprogress, timeout: 60_000 },
    });
    await vi.waitFor(() => expect(told).toContain(`${id} on dev: works`), 30_000);
    const meanwhile = await call('messages', { session: id });
    expect(meanwhile).toBeDefined();
    stop.abort('enough');
    await expect(waiting).rejects.toThrow('enough');
    const asked = () => mcp.recorder.requests.filter(({ path }) => path.includes(`/session/${id}/message`)).length;
    await vi.waitFor(
      async () => {
        const before = asked();
        await new Promise((resolve) => setTimeout(resolve, 2500));
        expect(asked()).toBe(before);
      },
      { timeout: 30_000 },
    );
    await client.ping();
    await mcp.server.request('POST', `/session/${id}/abort`, mcp.project);
    await mcp.server.request('DELETE', `/session/${id}`, mcp.project);
  });

  it('writes the protocol alone to stdout, and ends with its stdin', async () => {
    const child = spawn(process.execPath, mcp.words, { env: mcp.fleet.environment });
    const lines: string[] = [];
    createInterface({ input: child.stdout }).on('line', (line) => lines.push(line));
    const params = { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'test', version: '0' } };
    child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'initialize', params })}\n`);
    await vi.waitFor(() => expect(lines).toHaveLength(1), 30_000);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ id: 1, result: { serverInfo: { name: 'ocr' } } });
    const call = { name: 'status', arguments: {} };
    child.stdin.write(`not JSON\n${JSON.stringify({ jsonrpc: '2.0', id: 2, method: 'tools/call', params: call })}\n`);
    await vi.waitFor(() => expect(lines).toHaveLength(2), 30_000);
    expect(JSON.parse(lines[1] ?? '')).toMatchObject({ id: 2, result: { structuredContent: { hosts: [{}] } } });
    child.stdin.end();
    const [code] = await once(child, 'close');
    expect(code).toBe(0);
    expect(lines).toHaveLength(2);
  });
});

describe('a server that may write', () => {
  it('answers every tool, and asks before it destroys', async () => {
    const questions: string[] = [];
    let agrees = false;
    const connected = await connectClient(overStdio(mcp, '--allow-write'), (message) => {
      questions.push(message);
      return agrees ? { action: 'accept', content: { confirm: true } } : { action: 'decline' };
    });
    onTestFinished(() => connected.client.close());
    const { call, called } = connected;
    const { id } = await call('create', { on: 'dev', directory: mcp.project, title: 'By a tool' });
    await call('prompt', { session: id, text: 'ask permission', on });
    const asks = await call('wait', { session: id, on });
    expect(asks).toMatchObject({ outcome: 'asks', request: { kind: 'permission' } });
    expect((await call('permissions', { session: id })).items).toMatchObject([{ id: asks.request.id }]);
    expect(await call('approve', { request: asks.request.id, on })).toMatchObject({ items: [{ reply: 'once' }] });
    expect(await call('wait', { session: id })).toMatchObject({ outcome: 'ended' });
    await call('prompt', { session: id, text: 'ask question', on });
    await call('wait', { session: id, on });
    const { items } = await call('questions', { session: id });
    expect(await call('answer', { request: items[0].id, answers: ['SQLite'] })).toMatchObject({
      items: [{ reply: 'answers' }],
    });
    expect(await call('wait', { session: id })).toMatchObject({ outcome: 'ended' });
    await call('prompt', { session: id, text: 'ask permission', on });
    const again = await call('wait', { session: id, on });
    expect(await call('reject', { request: again.request.id })).toMatchObject({ items: [{ reply: 'reject' }] });
    await call('wait', { session: id, on });
    const chat = await call('chat', { session: id, text: 'hello', on, timeout: '60s' });
    expect(chat).toMatchObject({ assistantMessage: { text: 'You said: hello' } });
    expect(await call('rename', { session: id, title: 'By another name', on })).toMatchObject({ sessionID: id });
    expect(await call('archive', { session: id, on })).toMatchObject({ archived: true, changed: true });
    expect(await call('archive', { session: id, on, undo: true })).toMatchObject({ archived: false });
    const fork = await call('fork', { session: id, on });
    expect(await call('abort', { session: fork.id, on })).toMatchObject({ result: 'not-working' });
    const place = { on: 'dev', directory: mcp.project };
    expect(await call('one_shot', { text: 'hi', ...place })).toMatchObject({
      assistantMessage: { text: 'You said: hi' },
    });
    const begun = await call('begin_session', { text: 'hi', ...place, title: 'Begun' });
    await expect(call('permissions_revoke', { rule: 'none', on })).rejects.toThrow('exit status: notFound');

    mcp.recorder.requests.length = 0;
    await expect(call('delete', { session: fork.id, on, confirm: true })).rejects.toThrow('did not confirm');
    await expect(call('final', { session: fork.id, on, text: 'bye' })).rejects.toThrow('did not confirm');
    expect(mcp.recorder.requests.filter(({ method }) => method !== 'GET')).toEqual([]);
    agrees = true;
    expect(await call('final', { session: fork.id, on, text: 'bye' })).toMatchObject({
      assistantMessage: { text: 'You said: bye' },
    });
    for (const session of [id, begun.id ?? begun.sessionID]) {
      const { exportPath } = await call('delete', { session, on });
      expect(JSON.parse(await readFile(exportPath, 'utf8'))).toMatchObject({ info: { id: session } });
    }
    await expect(call('status', { session: id })).rejects.toThrow('exit status: notFound (4)');
    expect(questions[0]).toContain(`${fork.id} on dev`);
    expect(questions.at(-2)).toContain('Session: By another name');

    for (const name of ['instances', 'hosts', 'sync', 'sessions', 'permissions_saved']) await call(name);
    await call('models', { on: 'dev' });
    await call('doctor', { on: 'dev' });
    const kept = await aSession('Kept', 'hello');
    for (const name of ['messages', 'diagnose', 'open', 'export', 'transcript']) await call(name, { session: kept });
    expect([...called].sort()).toEqual(await toolNames(connected));
  });
});

describe('over HTTP', () => {
  /** Starts the server and returns where it listens, its token and everything it said. */
  async function start(...more: string[]) {
    const words = [...mcp.words, '--http', '--port', '0', ...more];
    const child: ChildProcess = spawn(process.execPath, words, { env: mcp.fleet.environment, stdio: 'pipe' });
    onTestFinished(() => void child.kill('SIGKILL'));
    let said = '';
    child.stderr?.on('data', (chunk) => {
      said += chunk;
    });
    await vi.waitFor(() => expect(said).toContain('serves MCP at'), 30_000);
    const [, url = '', file = ''] = /at (http\S+) for clients that send the token of (\S+)/.exec(said) ?? [];
    return { child, url, file, said: () => said, token: (await readFile(file, 'utf8')).trim() };
  }

  const transportTo = (url: string, token: string) =>
    new StreamableHTTPClientTransport(new URL(url), { requestInit: { headers: { authorization: `Bearer ${token}` } } });

  it('serves several clients with the token, asks their users, and ends on SIGTERM', async () => {
    const { child, url, file, said, token } = await start('--allow-write');
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/mcp$/);
    const one = await connectClient(transportTo(url, token), () => ({ action: 'accept', content: { confirm: true } }));
    const other = await connectClient(transportTo(url, token));
    const told: string[] = [];
    const session = await aSession('Over HTTP', 'hello');
    const [listed, state] = await Promise.all([
      one.call('instances', {}, (text) => told.push(text)),
      other.call('status', { session, on }),
    ]);
    expect(listed).toMatchObject({ items: [{ name: 'dev' }] });
    expect(state).toMatchObject({ sessions: [{ id: session }] });
    await expect(other.call('delete', { session, on })).rejects.toThrow('confirm: true');
    expect(await one.call('delete', { session, on })).toMatchObject({ sessionID: session });
    expect(said()).not.toContain(token);

    const ask = (headers: Record<string, string>, path = '/mcp') =>
      fetch(new URL(path, url), { method: 'POST', headers, body: '{}' }).then(({ status }) => status);
    const login = { authorization: `Bearer ${token}` };
    expect(await ask({})).toBe(401);
    expect(await ask({ authorization: `Bearer ${token.slice(1)}` })).toBe(401);
    expect(await ask({ ...login, origin: 'http://evil.example' })).toBe(403);
    expect(await ask(login, '/other')).toBe(404);
    expect(await ask({ ...login, 'mcp-session-id': 'made-up' })).toBe(404);
    const { stdout } = await promisify(execFile)('curl', [
      ...['-s', '-o', '/dev/null', '-w', '%{http_code}', '-X', 'POST', '-H', `Authorization: Bearer ${token}`],
      ...['-H', 'Host: evil.example', url],
    ]);
    expect(stdout).toBe('403');
    const long = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'initialize', params: { x: 'x'.repeat(2 ** 21) } });
    const accept = 'application/json, text/event-stream';
    const headers = { ...login, accept, 'content-type': 'application/json' };
    expect((await fetch(url, { method: 'POST', headers, body: long })).status).toBe(413);

    child.kill('SIGTERM');
    const [code] = await once(child, 'close');
    expect(code).toBe(0);
    await Promise.allSettled([one.client.close(), other.client.close()]);
  });
});

describe('opencode with ocr as an MCP server', () => {
  it('calls a tool of it', async () => {
    const { environment } = mcp.fleet.host('alpha');
    const [program, ...words] = mcp.words;
    const config = {
      mcp: {
        ocr: {
          type: 'local',
          command: [process.execPath, program, ...words],
          environment: { HOME: mcp.fleet.operatorHome },
        },
      },
    };
    const env = { ...environment, PATH: process.env.PATH ?? '', OPENCODE_CONFIG_CONTENT: JSON.stringify(config) };
    const running = promisify(execFile)(
      mcp.fleet.opencode,
      ['run', '--format', 'json', '--title', 'Uses ocr', 'ask ocr'],
      { cwd: mcp.project, env, timeout: 120_000 },
    );
    // It waits for the end of a prompt that may come there.
    running.child.stdin?.end();
    const { stdout } = await running;
    const events = stdout
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line));
    const call = events.find(({ part }) => part?.tool === 'ocr_instances')?.part;
    expect(call, stdout).toMatchObject({ state: { status: 'completed', output: expect.stringContaining('dev') } });
    expect(stdout).toContain('Done.');
  });
});
