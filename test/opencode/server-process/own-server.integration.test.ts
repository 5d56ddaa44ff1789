import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ensureOwnServer, type OwnServer } from '../../../src/opencode/server-process/own-server.ts';
import { stopServer } from '../../../src/opencode/server-process/stop-server.ts';
import { ENDS_NOT, FakeOpencode, isRunning, LISTENS, LISTENS_NOT } from '../../support/fake-opencode.ts';

const { signal } = new AbortController();
const SLOW = 30_000;

function optionsOf(opencode: FakeOpencode, timeout = 20_000) {
  return { opencodePath: opencode.program, mayStart: true, timeout, version: '1.18.33' };
}

/** Ends it with the test, whatever comes of that. */
function endsWithTest({ server }: OwnServer): OwnServer {
  onTestFinished(() => {
    try {
      process.kill(server.pid, 'SIGKILL');
    } catch {
      // It has ended.
    }
  });
  return { server, password: '', path: '', started: true };
}

async function ensure(opencode: FakeOpencode, environment?: string): Promise<OwnServer> {
  const own = await ensureOwnServer(opencode.host(environment), optionsOf(opencode), signal);
  endsWithTest(own);
  return own;
}

const modeOf = async (path: string) => ((await stat(path)).mode & 0o777).toString(8);

describe("ocr's own server", { timeout: SLOW }, () => {
  it('is started in the home, on loopback, and found again', async () => {
    const opencode = await FakeOpencode.create(LISTENS, "it's $(home)");
    const first = await ensure(opencode);
    expect(first).toMatchObject({ started: true, path: join(opencode.stateFolder, 'server.json') });
    expect(first.server).toMatchObject({
      ...{ hostname: '127.0.0.1', directory: opencode.home, version: '1.18.33', own: true },
    });
    expect(first.password).toMatch(/^[0-9a-f]{64}$/);
    const again = await ensure(opencode);
    expect(again).toEqual({ ...first, started: false });
    expect(await opencode.starts()).toBe(1);
    expect(await readFile(join(opencode.home, 'starts'), 'utf8')).toBe('--hostname 127.0.0.1 --port 0\n');
  });

  it('is found and not started where it may not be', async () => {
    const opencode = await FakeOpencode.create(LISTENS);
    const find = () => ensureOwnServer(opencode.host(), { ...optionsOf(opencode), mayStart: false }, signal);
    await expect(find()).rejects.toMatchObject({ name: 'ServerProcessError', kind: 'not-running' });
    expect(await opencode.starts()).toBe(0);
    expect(existsSync(opencode.stateFolder)).toBe(false);
    const own = await ensure(opencode);
    expect(await find()).toEqual({ ...own, started: false });
  });

  it('keeps its password where that user alone can read it, and in no argument', async () => {
    const opencode = await FakeOpencode.create(LISTENS);
    const { server, password, path } = await ensure(opencode, 'umask 000');
    expect(await modeOf(opencode.stateFolder)).toBe('700');
    expect(await modeOf(path)).toBe('600');
    expect(await modeOf(join(opencode.stateFolder, 'server.log'))).toBe('600');
    expect((await readdir(opencode.stateFolder)).sort()).toEqual(['server.json', 'server.log']);
    expect(JSON.parse(await readFile(path, 'utf8'))).toMatchObject({ version: 1, pid: server.pid, password });
    expect(await readFile(`/proc/${server.pid}/cmdline`, 'utf8')).not.toContain(password);
    const environment = (await readFile(`/proc/${server.pid}/environ`, 'utf8')).split('\0');
    expect(environment).toContain(`OPENCODE_SERVER_PASSWORD=${password}`);
    expect(environment.filter((entry) => entry.startsWith('OCR_'))).toEqual([]);
  });

  it('goes by its own password whatever the profile says', async () => {
    const opencode = await FakeOpencode.create(LISTENS);
    const profile = 'OPENCODE_SERVER_PASSWORD=mine OPENCODE_SERVER_USERNAME=me FROM_PROFILE=1\n';
    const names = 'OPENCODE_SERVER_PASSWORD OPENCODE_SERVER_USERNAME FROM_PROFILE';
    await writeFile(join(opencode.home, '.bash_profile'), `echo noise; ${profile} export ${names}`);
    const { server, password } = await ensure(opencode, 'SHELL=/bin/bash');
    const environment = (await readFile(`/proc/${server.pid}/environ`, 'utf8')).split('\0');
    expect(environment).toContain(`OPENCODE_SERVER_PASSWORD=${password}`);
    expect(environment).toContain('OPENCODE_SERVER_USERNAME=opencode');
    expect(environment).toContain('FROM_PROFILE=1');
  });

  it('is started once by many who ask at the same time', async () => {
    const opencode = await FakeOpencode.create(LISTENS);
    const all = await Promise.all(Array.from({ length: 4 }, () => ensure(opencode)));
    expect(new Set(all.map(({ server }) => server.pid)).size).toBe(1);
    expect(new Set(all.map(({ password }) => password)).size).toBe(1);
    expect(all.filter(({ started }) => started)).toHaveLength(1);
    expect(await opencode.starts()).toBe(1);
  });

  it('is found through a program that starts the real one', async () => {
    const opencode = await FakeOpencode.create(LISTENS);
    const shim = join(opencode.home, 'shim');
    await writeFile(shim, `#!/bin/sh\n'${opencode.program}' "$@"\n`, { mode: 0o755 });
    const own = await ensureOwnServer(opencode.host(), { ...optionsOf(opencode), opencodePath: shim }, signal);
    endsWithTest(own);
    expect(await readFile(`/proc/${own.server.pid}/comm`, 'utf8')).toBe('opencode\n');
    expect(own.started).toBe(true);
  });

  it('is started again when its file names a process that is another, or none', async () => {
    const opencode = await FakeOpencode.create(LISTENS);
    const first = await ensure(opencode);
    const text = await readFile(first.path, 'utf8');
    await writeFile(first.path, text.replace(`"startId":"${first.server.startId}"`, '"startId":"1"'));
    const second = await ensure(opencode);
    expect(second.server.pid).not.toBe(first.server.pid);
    await writeFile(second.path, 'nonsense');
    expect((await ensure(opencode)).server.pid).not.toBe(second.server.pid);
    expect(await opencode.starts()).toBe(3);
  });

  it('is not taken for that of another machine with the same home', async () => {
    const opencode = await FakeOpencode.create(LISTENS);
    const here = await ensure(opencode);
    const there = await ensure(opencode, 'ocr_hostname=other');
    expect(there.path).toBe(join(opencode.stateFolder, 'server-other.json'));
    expect(await ensure(opencode)).toEqual({ ...here, started: false });
    expect(await ensure(opencode, 'ocr_hostname=other')).toEqual({ ...there, started: false });
  });

  it('leaves nothing behind when it ends at once, and says what it printed', async () => {
    const opencode = await FakeOpencode.create("console.error('no space left\\non the device'); process.exit(3)");
    const starting = ensureOwnServer(opencode.host(), optionsOf(opencode), signal);
    await expect(starting).rejects.toMatchObject({
      kind: 'start-failed',
      message: 'opencode serve did not start: it ended at once',
      hint: 'no space left\non the device',
    });
    expect(await readdir(opencode.stateFolder)).toEqual([]);
  });

  it('is ended when it does not listen in time, and what it printed is told without the password', async () => {
    const tellsAll =
      "console.error(process.env.OPENCODE_SERVER_PASSWORD); require('node:fs').writeFileSync('pid', ''+process.pid);";
    const opencode = await FakeOpencode.create(tellsAll + LISTENS_NOT);
    const starting = ensureOwnServer(opencode.host(), optionsOf(opencode, 2000), signal);
    await expect(starting).rejects.toMatchObject({
      message: 'opencode serve did not start: it did not listen within 2 s',
      hint: 'thinking about it',
    });
    expect(await isRunning(Number(await readFile(join(opencode.home, 'pid'), 'utf8')))).toBe(false);
    expect(await readdir(opencode.stateFolder)).toEqual([]);
  });

  it('is started in spite of a lock whose holder is gone, whose unfinished start is ended', async () => {
    const opencode = await FakeOpencode.create(
      `require('node:fs').writeFileSync('pid', ''+process.pid);${LISTENS_NOT}`,
    );
    const closing = new AbortController();
    const host = opencode.host();
    let kill = () => {};
    const watched = {
      ...host,
      shell: async (shellSignal: AbortSignal) => {
        const shell = await host.shell(shellSignal);
        kill = () => shell.close();
        return shell;
      },
    };
    const abandoned = ensureOwnServer(watched, optionsOf(opencode), closing.signal).catch((error: unknown) => error);
    const pidFile = join(opencode.home, 'pid');
    await expect.poll(() => readFile(pidFile, 'utf8').catch(() => ''), { timeout: 10_000 }).toMatch(/^\d+$/);
    await expect
      .poll(() => readdir(join(opencode.stateFolder)), { timeout: 10_000 })
      .toContainEqual(expect.stringMatching(/^lock-/));
    kill();
    await abandoned;
    const unfinished = Number(await readFile(pidFile, 'utf8'));
    await opencode.install(LISTENS);
    const own = await ensure(opencode);
    expect(own.started).toBe(true);
    expect(await isRunning(unfinished)).toBe(false);
    expect((await readdir(opencode.stateFolder)).sort()).toEqual(['server.json', 'server.log']);
  });

  it('waits for a lock only so long', async () => {
    const opencode = await FakeOpencode.create(LISTENS);
    const lock = join(opencode.stateFolder, 'lock-here');
    await mkdir(lock, { recursive: true });
    await writeFile(join(lock, 'owner'), `${process.pid} ${await startIdOfThis()}\n`);
    const waiting = ensureOwnServer(opencode.host('ocr_hostname=here'), optionsOf(opencode, 1000), signal);
    await expect(waiting).rejects.toMatchObject({ kind: 'busy' });
    expect(await opencode.starts()).toBe(0);
  });
});

/** Field 22 of proc_pid_stat(5) of this process, whose name may hold anything. */
async function startIdOfThis(): Promise<string> {
  const text = await readFile('/proc/self/stat', 'utf8');
  return text.slice(text.lastIndexOf(')') + 2).split(' ')[19] ?? '';
}

describe('a server that is told to end', { timeout: SLOW }, () => {
  const stopping = (opencode: FakeOpencode, timeout = 10_000) => ({
    opencodePath: opencode.program,
    mayStart: true,
    timeout,
  });

  it('is gone afterwards, and so is its file', async () => {
    const opencode = await FakeOpencode.create(LISTENS);
    const { server } = await ensure(opencode);
    expect(await stopServer(opencode.host(), server, stopping(opencode), signal)).toBe('stopped');
    expect(await isRunning(server.pid)).toBe(false);
    expect(await readdir(opencode.stateFolder)).not.toContain('server.json');
    expect(await stopServer(opencode.host(), server, stopping(opencode), signal)).toBe('gone');
  });

  it('is started again with another password', async () => {
    const opencode = await FakeOpencode.create(LISTENS);
    const first = await ensure(opencode);
    await stopServer(opencode.host(), first.server, stopping(opencode), signal);
    const second = await ensure(opencode);
    expect(second.server.pid).not.toBe(first.server.pid);
    expect(second.password).not.toBe(first.password);
    expect(await isRunning(first.server.pid)).toBe(false);
  });

  it('is left alone when it works elsewhere, has another start, or is another program', async () => {
    const opencode = await FakeOpencode.create(LISTENS);
    const { server } = await ensure(opencode);
    const stop = (changes: Partial<typeof server>, options = stopping(opencode)) =>
      stopServer(opencode.host(), { ...server, ...changes }, options, signal);
    await expect(stop({ directory: '/srv/$(id)' })).rejects.toMatchObject({
      kind: 'not-that-process',
      message: `process ${server.pid} was left alone: it works in another directory: ${opencode.home}`,
    });
    expect(await stop({ startId: '1' })).toBe('gone');
    const self = { pid: process.pid, startId: await startIdOfThis(), directory: process.cwd() };
    await expect(stop(self)).rejects.toMatchObject({
      kind: 'not-that-process',
      message: expect.stringContaining('it runs node'),
    });
    expect(await isRunning(server.pid)).toBe(true);
  });

  it('is said to run still when it will not end, and ended by force only when that is wanted', async () => {
    const opencode = await FakeOpencode.create(ENDS_NOT);
    const { server, path } = await ensure(opencode);
    await expect(stopServer(opencode.host(), server, stopping(opencode, 1000), signal)).rejects.toMatchObject({
      kind: 'still-runs',
    });
    expect(await isRunning(server.pid)).toBe(true);
    expect(await readFile(path, 'utf8')).toContain(`"pid":${server.pid}`);
    const options = { ...stopping(opencode, 1000), force: true };
    expect(await stopServer(opencode.host(), server, options, signal)).toBe('stopped');
    expect(await isRunning(server.pid)).toBe(false);
  });
});
