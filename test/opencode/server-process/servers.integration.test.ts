import { execFile } from 'node:child_process';
import { chmod, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { defaultConfig } from '../../../src/config/schema.ts';
import { discoverHosts } from '../../../src/discovery/discover.ts';
import type { Host } from '../../../src/domain/host.ts';
import type { Server } from '../../../src/domain/server.ts';
import type { Session } from '../../../src/domain/session.ts';
import type { Rung } from '../../../src/domain/snapshot.ts';
import { quoteArgument } from '../../../src/lib/shell-quote.ts';
import { ServerClient } from '../../../src/opencode/server/server-client.ts';
import { OwnPasswords } from '../../../src/opencode/server-process/own-passwords.ts';
import { ensureOwnServer, type OwnServer } from '../../../src/opencode/server-process/own-server.ts';
import { stopServer } from '../../../src/opencode/server-process/stop-server.ts';
import { Prober, type ProberOptions } from '../../../src/probe/prober.ts';
import { type Fleet, startFleet } from '../../fleet/fleet.ts';
import { findFreePort } from '../../fleet/free-port.ts';
import type { HostAlias } from '../../fleet/hosts.ts';
import { startOpencodeServer } from '../../fleet/opencode-server.ts';
import { isInstalled } from '../../support/programs.ts';
import { createRealPool } from '../../support/real-pool.ts';

const run = promisify(execFile);
const ALIASES: readonly HostAlias[] = ['alpha', 'beta'];
const NOBODY = ['--reuid=65534', '--regid=65534', '--clear-groups'];

let fleet: Fleet;
const hosts = new Map<string, Host>();
const { signal } = new AbortController();

beforeAll(async () => {
  fleet = await startFleet({ hosts: ALIASES });
  const config = { ...defaultConfig.hosts, local: false, include: [...ALIASES] };
  const { hosts: found, resolver } = await discoverHosts(config, {
    ...{ sshConfigFile: fleet.sshConfig, sshConfigGiven: true, home: '/', routeCacheFile: null },
  });
  for (const host of found) {
    hosts.set(host.alias, { ...host, route: await resolver.resolve(host.alias, signal) });
  }
});
afterAll(() => fleet?.close());

/** One ocr: connections of its own, and a prober. */
function openOcr(alias: HostAlias, options: ProberOptions = {}) {
  const pool = createRealPool();
  onTestFinished(() => pool.close());
  const host = hosts.get(alias);
  if (host === undefined) throw new Error(`${alias} is not in the ssh config`);
  const limits = { signal, timeout: 30_000, enrich: true, interaction: null, mayStartOpencode: true };
  const passwords = new OwnPasswords();
  const prober = new Prober(pool, Date.now, { passwords, ...options });
  return {
    ...{ pool, passwords },
    probe: () => prober.probe(host, null, limits),
    ensure: async () => ensureOwnServer(await pool.get(host, limits), own(alias), signal),
    stop: async (server: Server) => stopServer(await pool.get(host, limits), server, own(alias), signal),
  };
}

function own(alias: HostAlias) {
  return {
    opencodePath: join(fleet.host(alias).home, '..', 'bin', 'opencode'),
    mayStart: true,
    timeout: 60_000,
    version: '1.18.33',
  };
}

/** A server that the user has started in a folder of the host. */
async function startServer(alias: HostAlias, folder: string, environment: Record<string, string> = {}) {
  const host = fleet.host(alias);
  if (host.machine === null) throw new Error(`${alias} has no machine`);
  const cwd = join(host.home, folder);
  await mkdir(cwd, { recursive: true });
  const plan = { machine: host.machine, binary: fleet.opencode, cwd, log: join(host.home, '.serve.log') };
  return { cwd, ...(await startOpencodeServer({ ...plan, environment: { ...host.environment, ...environment } })) };
}

/** The output of a script run by another account of that machine. */
async function runAsNobody(alias: HostAlias, script: string): Promise<string> {
  const log = join(fleet.directory, 'nobody.log');
  await writeFile(log, '');
  const { machine } = fleet.host(alias);
  const pid = await machine?.start('/usr/bin/setpriv', [...NOBODY, '/bin/sh', '-c', script], { log, cwd: '/' });
  await expect.poll(async () => pid !== undefined && (await machine?.isRunning(pid)), { timeout: 10_000 }).toBe(false);
  return readFile(log, 'utf8');
}

const statusOf = async (port: number, headers = {}) =>
  (await fetch(`http://127.0.0.1:${port}/global/health`, { headers, signal: AbortSignal.timeout(10_000) })).status;
const basic = (password: string) => ({
  authorization: `Basic ${Buffer.from(`opencode:${password}`).toString('base64')}`,
});

describe('the servers of a host', () => {
  it('are found with number, port and directory, whether they want a password or not; other listeners are not', async () => {
    const port = await findFreePort('127.0.0.1');
    const listen = `import http.server; http.server.HTTPServer(('127.0.0.1', ${port}), http.server.BaseHTTPRequestHandler).serve_forever()`;
    await fleet.host('alpha').machine?.start('/usr/bin/env', ['python3', '-c', listen], { cwd: '/' });
    const open = await startServer('alpha', "it's one");
    const locked = await startServer('alpha', 'work/two', { OPENCODE_SERVER_PASSWORD: 'wanted' });
    const ocr = openOcr('alpha');
    const { servers, processes } = await ocr.probe();
    expect(servers.map(({ pid, port, directory, hostname, own }) => ({ pid, port, directory, hostname, own }))).toEqual(
      [open, locked]
        .map(({ pid, port, cwd: directory }) => ({ pid, port, directory, hostname: '127.0.0.1', own: false }))
        .sort((a, b) => a.pid - b.pid),
    );
    expect(processes).toBe(2);
    for (const server of servers) expect(await ocr.stop(server)).toBe('stopped');
    expect((await ocr.probe()).servers).toEqual([]);
    await expect(statusOf(open.port)).rejects.toThrow();
  });
});

describe("ocr's own server", () => {
  let found: OwnServer;

  it('is started once by two at a time, and outlives both their connections', async () => {
    const [one, two] = [openOcr('beta'), openOcr('beta')];
    const both = await Promise.all([one.ensure(), two.ensure()]);
    expect(both.filter(({ started }) => started)).toHaveLength(1);
    expect(both[0].server).toEqual(both[1].server);
    one.pool.close();
    two.pool.close();
    const third = openOcr('beta');
    const { servers } = await third.probe();
    expect(servers).toEqual([both[0].server]);
    expect(third.passwords.get('beta', both[0].server)).toBe(both[0].password);
    found = await third.ensure();
    expect(found).toEqual({ ...both[0], started: false });
    expect(await statusOf(found.server.port, basic(found.password))).toBe(200);
  });

  it.skipIf(process.getuid?.() !== 0 || !isInstalled('setpriv'))('is of no use to another account', async () => {
    const { port, pid } = found.server;
    for (const folder of [fleet.directory, dirname(fleet.host('beta').home), fleet.host('beta').home]) {
      await chmod(folder, 0o755);
    }
    const request = `exec 3<>/dev/tcp/127.0.0.1/${port}; printf "GET /session HTTP/1.0\\r\\n\\r\\n" >&3; head -n 1 <&3`;
    const said = await runAsNobody(
      'beta',
      [
        'id -u',
        `ls ${quoteArgument(fleet.host('beta').home)} >/dev/null && echo may look into the home`,
        `cat ${quoteArgument(found.path)} ${quoteArgument(found.path.replace('.json', '.log'))} /proc/${pid}/environ`,
        'ps -eo args',
        `bash -c ${quoteArgument(request)}`,
      ].join('; '),
    );
    expect(said).toContain('65534\n');
    expect(said).toContain('may look into the home');
    expect(said.match(/Permission denied/g)).toHaveLength(3);
    expect(said).toContain('opencode serve --hostname 127.0.0.1');
    expect(said).toMatch(/^HTTP\/1\.[01] 401 /m);
    expect(said).not.toContain(found.password);
    expect(await statusOf(port)).toBe(401);
  });

  it('is stopped, and says so only when it is', async () => {
    const ocr = openOcr('beta');
    expect(await ocr.stop(found.server)).toBe('stopped');
    expect(await ocr.stop(found.server)).toBe('gone');
    expect((await ocr.probe()).servers).toEqual([]);
    const listed = await run('ls', ['-A', dirname(found.path)]);
    expect(listed.stdout).toBe('server.log\n');
  });
});

const passwords = new OwnPasswords();
const sessionsByHttp: ProberOptions['sessionsByHttp'] = async ({ alias }, transport, server, until) => {
  const password = passwords.get(alias, server);
  const client = new ServerClient({
    open: (target, openSignal) => transport.forward(target, openSignal),
    access: { hostname: server.hostname, port: server.port, username: 'opencode', password },
    timeout: 30_000,
    clock: Date.now,
  });
  try {
    return await client.sessions(until);
  } finally {
    await client.close();
  }
};

describe('the sessions of a host', () => {
  const byId = (one: Session, other: Session) => (one.id < other.id ? -1 : 1);
  const hide = (tool: string) => rm(join(fleet.host('alpha').home, '..', 'bin', tool));
  const sessionsBy = async (rung: Rung, options: ProberOptions = {}) => {
    const snapshot = await openOcr('alpha', options).probe();
    expect(snapshot).toMatchObject({ rung });
    return [...snapshot.sessions].sort(byId);
  };

  it('are the same by every way to them, on a real database', async () => {
    const byDatabase = await sessionsBy('sqlite3');
    expect(byDatabase.filter(({ parentId }) => parentId !== null)).toHaveLength(1);
    expect(byDatabase.filter(({ archived }) => archived !== null)).toHaveLength(1);
    await hide('sqlite3');
    expect(await sessionsBy('python3')).toEqual(byDatabase);
    await hide('python3');
    expect(await sessionsBy('opencode-db', { passwords, sessionsByHttp })).toEqual(byDatabase);
    const { ensure, stop } = openOcr('alpha');
    const { server } = await ensure();
    expect(await sessionsBy('http', { passwords, sessionsByHttp })).toEqual(
      // A server does not say what became of the last turn or when it ended, how many messages there are, nor what today's cost.
      byDatabase.map((session) => ({
        ...session,
        turn: 'unknown',
        error: null,
        messages: null,
        endedAt: undefined,
        today: undefined,
      })),
    );
    expect(await stop(server)).toBe('stopped');
  });
});
