import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { createSshResolver } from '../../src/discovery/ssh-resolver.ts';
import type { Session } from '../../src/domain/session.ts';
import { attachScript, PROGRAM_STARTS } from '../../src/opencode/attach-command.ts';
import { parseExport } from '../../src/opencode/export-import.ts';
import { cloneOnHost } from '../../src/opencode/git-clone.ts';
import { importSession } from '../../src/opencode/import-session.ts';
import { enterFolder, listFolders } from '../../src/opencode/list-folders.ts';
import { ensureOwnServer, type OwnServer } from '../../src/opencode/server-process/own-server.ts';
import { stopServer } from '../../src/opencode/server-process/stop-server.ts';
import { startProven } from '../../src/opencode/start-proven.ts';
import { Prober } from '../../src/probe/prober.ts';
import type { Transport } from '../../src/transport/transport.ts';
import type { TransportPool } from '../../src/transport/transport-pool.ts';
import { findLabCapabilities } from '../ssh-lab/capabilities.ts';
import { type Lab, startLab } from '../ssh-lab/lab.ts';
import type { LabHostPlan } from '../ssh-lab/plan.ts';
import { aHost } from '../support/builders.ts';
import { isInstalled } from '../support/programs.ts';
import { createRealPool } from '../support/real-pool.ts';
import { runLimits } from '../transport/matrix/matrix-client.ts';
import { multiCall, opencodeWithProc, strictBsd, type Userland } from './userlands.ts';

const applets = (command: string, ...parameters: string[]) =>
  isInstalled(command) ? execFileSync(command, parameters, { encoding: 'utf8' }).split(/\s+/) : [];
const userlands: readonly Userland[] = [
  strictBsd,
  multiCall('busybox', '/bin/busybox', applets('busybox', '--list')),
  // As on Android.
  multiCall('toybox', '/bin/mksh', applets('toybox')),
];
const names = userlands.map(({ name }) => name);
const canMount = process.getuid?.() === 0 && findLabCapabilities().shells;
const { signal } = new AbortController();
const TIMEOUT = 40_000;

let lab: Lab;
let folder: string | undefined;
let pool: TransportPool;
let resolver: Awaited<ReturnType<typeof createSshResolver>>;

beforeAll(async () => {
  if (!canMount) return;
  folder = await mkdtemp(join(tmpdir(), 'ocr-userlands-'));
  const plans: Record<string, LabHostPlan> = { plain: { opencode: true } };
  for (const userland of userlands) {
    const bin = join(folder, userland.name);
    await userland.write(bin);
    plans[userland.name] = { opencode: true, shell: `#!/bin/sh\nPATH=${bin}\nexport PATH\nexec /bin/sh "$@"\n` };
  }
  lab = await startLab<string>(plans);
  const sh = await realpath('/bin/sh');
  for (const { name, shell, hidesProc } of userlands) {
    const { machine, home } = lab.host(name);
    await machine.mount(await realpath(shell), sh);
    if (!hidesProc) continue;
    const program = join(home, '.opencode', 'bin', 'opencode');
    const binary = await realpath(program);
    await rm(program);
    await writeFile(program, opencodeWithProc(binary), { mode: 0o755 });
    await machine.start('/usr/bin/mount', ['-t', 'tmpfs', 'tmpfs', '/proc']);
  }
  resolver = await createSshResolver({ configFile: lab.sshConfig, walks: [], cacheFile: null });
  pool = createRealPool({ resolver, configFile: lab.sshConfig });
});
afterAll(async () => {
  pool?.close();
  // The machine's own shell looks there for what it is to end.
  if (canMount) await lab?.host('bsd').machine.start('/usr/bin/umount', ['/proc']);
  await lab?.close();
  if (folder !== undefined) await rm(folder, { recursive: true });
});

const limits = { signal, timeout: TIMEOUT, interaction: null };
const hostOf = async (alias: string) => aHost({ alias, route: await resolver.resolve(alias, signal) });
const connect = async (alias: string): Promise<Transport> => pool.get(await hostOf(alias), limits);
const opencodeOf = (alias: string) => join(lab.host(alias).home, '.opencode', 'bin', 'opencode');
const ownOf = (alias: string) => ({
  opencodePath: opencodeOf(alias),
  mayStart: true,
  timeout: TIMEOUT,
  version: '1.18.33',
});

async function probe(alias: string) {
  const prober = new Prober(pool, Date.now, {});
  return prober.probe(await hostOf(alias), null, { ...limits, enrich: true, mayStartOpencode: true });
}

describe.skipIf(!canMount)('a host with the userland', () => {
  it.each(names)('%s is what it claims to be', async (name) => {
    const host = await connect(name);
    const { stdout } = await host.exec(
      'for at in /proc/[0-9]*; do echo "$at"; done; setsid true; echo "$?"',
      runLimits(),
    );
    const lines = stdout.trim().split('\n');
    if (name === 'bsd') expect(lines).toEqual(['/proc/[0-9]*', '127']);
    else expect(lines[0]).toMatch(/^\/proc\/\d+$/);
  });

  it.each(names)('%s gives the sessions that others give', async (name) => {
    const [plain, other] = await Promise.all([probe('plain'), probe(name)]);
    const facts = ({ sessions }: typeof plain) =>
      sessions.map(({ id, title, turn, messages }) => ({ id, title, turn, messages }));
    expect(facts(other)).toEqual(facts(plain));
    expect(facts(plain).length).toBeGreaterThan(0);
    expect(other.opencode.path).toBe(opencodeOf(name));
  });

  it.each(names)(
    '%s starts, finds, proves and stops a server, and attaches by it',
    { timeout: 4 * TIMEOUT },
    async (name) => {
      const host = await connect(name);
      const own = await ensureOwnServer(host, ownOf(name), signal);
      const stop = () => stopServer(host, own.server, ownOf(name), signal);
      onTestFinished(async () => void (await stop()));
      expect(own).toMatchObject({ started: true, server: { hostname: '127.0.0.1', own: true } });
      const again = await ensureOwnServer(host, ownOf(name), signal);
      expect(again).toMatchObject({ started: false, server: { pid: own.server.pid, startId: own.server.startId } });
      const { servers, sessions } = await probe(name);
      expect(servers).toMatchObject([{ pid: own.server.pid, port: own.server.port, own: true }]);
      await expectAttach(name, own, sessions[0]!);
      expect(await stop()).toBe('stopped');
      expect((await probe(name)).servers).toEqual([]);
    },
  );

  it.each(names)('%s lists, makes and enters folders', async (name) => {
    const host = await connect(name);
    const folder = `~/a 'b' $c`;
    const { home } = lab.host(name);
    expect(await enterFolder(host, `${folder}/d`, true, { signal, timeout: TIMEOUT })).toBe(
      `${await realpath(home)}/a 'b' $c/d`,
    );
    const { folders } = await listFolders(host, '~/a', { signal, timeout: TIMEOUT });
    expect(folders).toContain(`${folder}/`);
  });

  it.each(names)('%s clones a repository', async (name) => {
    const host = await connect(name);
    const { home } = lab.host(name);
    execFileSync('git', ['init', '-q', '--bare', join(home, 'origin.git')]);
    const request = { url: join(home, 'origin.git'), directory: '~/cloned/here', depth: null };
    expect(await cloneOnHost(host, request, () => {}, signal)).toBe(`${await realpath(home)}/cloned/here`);
    expect(await readFile(join(home, 'cloned', 'here', '.git', 'HEAD'), 'utf8')).toContain('ref:');
  });

  it.each(names)('%s takes an export in', { timeout: 2 * TIMEOUT }, async (name) => {
    const [session] = (await probe(name)).sessions;
    const text = JSON.stringify({
      info: {
        ...{ id: 'ses_0123456789abcdefghijklmnop', slug: 'a', projectID: 'global', directory: session!.directory },
        ...{ title: 'Came back', version: '1.18.33', time: { created: 1, updated: 1 } },
      },
      messages: [],
    });
    const options = { opencodePath: opencodeOf(name), mayStart: true, timeout: TIMEOUT };
    await importSession(await connect(name), parseExport(`${text}\n`), options, signal);
    expect((await probe(name)).sessions.map(({ title }) => title)).toContain('Came back');
  });
});

/** Attaches through the server and waits for the session's title on the screen. */
async function expectAttach(name: string, own: OwnServer, session: Session): Promise<void> {
  const host = await connect(name);
  const script = attachScript(opencodeOf(name), session, {
    ...{ url: `http://127.0.0.1:${own.server.port}`, process: own.server, username: null },
    secret: { kind: 'file', path: own.path },
  });
  const open = (command: string) => host.pty(command, { columns: 100, rows: 30, term: 'xterm-256color' }, signal);
  const request = { script, mode: 'login', environment: {} } as const;
  const pty = await startProven({ open, openPiped: open, note: () => {}, memory: {} }, request);
  let shown = '';
  pty.onData((chunk) => {
    shown += chunk.toString('utf8');
  });
  await expect.poll(() => shown, { timeout: TIMEOUT }).toMatch(PROGRAM_STARTS);
  await expect
    .poll(() => shown.replaceAll(/\u001b\[[0-9;?]*[A-Za-z]/g, ''), { timeout: TIMEOUT })
    .toContain(session.title);
  pty.close();
}
