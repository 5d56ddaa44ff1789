import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { copyFile, mkdir, rename, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { ensureOwnServer } from '../../src/opencode/server-process/own-server.ts';
import { parseOwnSecret } from '../../src/opencode/server-process/own-server-answer.ts';
import { parseSurveyReport } from '../../src/probe/survey-report.ts';
import { OWN_SECRET_SCRIPT, surveyScript } from '../../src/probe/survey-script.ts';
import { FakeOpencode, LISTENS, LISTENS_NOT } from '../support/fake-opencode.ts';
import { isInstalled } from '../support/programs.ts';

const { signal } = new AbortController();
/** Says where it listens. */
const TELLS = `
const server = require('node:net').createServer().listen(0, process.argv[2] ?? '127.0.0.1', () => console.log(server.address().port));
`;
const LISTENS_LATER = `process.on('SIGUSR2', () => { ${TELLS} }); setInterval(() => console.log(0), 50);`;

let opencode: FakeOpencode;
beforeEach(async () => {
  opencode = await FakeOpencode.create(TELLS, "it's $(home)");
});

/** Starts it in a folder of its own, and gives the port that it tells. */
async function start(folder: string, address = '127.0.0.1', command: readonly string[] = [opencode.program]) {
  const [program = '', ...before] = command;
  const cwd = join(opencode.home, folder);
  await mkdir(cwd, { recursive: true });
  const child = spawn(program, [...before, join(opencode.home, 'serve'), address], {
    cwd,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  return { cwd, child, pid: child.pid ?? 0, port: await nextPort(child, 0) };
}

/** Returns the next number of at least `least` that the program prints. Several lines may come at once. */
function nextPort(child: ChildProcess, least = 1): Promise<number> {
  return new Promise((resolve, reject) => {
    child.stdout?.on('data', (data) => {
      const port = String(data)
        .trim()
        .split('\n')
        .map(Number)
        .find((number) => number >= least);
      if (port !== undefined) resolve(port);
    });
    child.once('exit', () => reject(new Error('it ended')));
  });
}

/** Surveys in one shell; tells the servers that belong to the test, and how many processes there are. */
async function openSurvey(environment = '') {
  const shell = await opencode.host(environment).shell(signal);
  const run = async (script: string) =>
    (await shell.run(script, { signal, idleTimeout: 10_000, maxBytes: 100_000 })).output;
  const survey = async (fingerprint: string | null = 'known') => {
    const request = { opencodePath: opencode.program, fingerprint, enrich: true, skip: [] };
    const report = parseSurveyReport(await run(surveyScript(request)));
    // Other tests have servers on this machine too.
    return report.servers.filter(({ directory }) => directory?.startsWith(opencode.home));
  };
  return { run, survey };
}

const canLeaveNetwork = spawnSync('unshare', ['--net', 'true']).status === 0;
const SOURCES = ['proc', ...(isInstalled('lsof') ? ['ps'] : [])];

describe.each(SOURCES)('the survey of servers by %s', (source) => {
  const open = () => openSurvey(`ocr_sources=${source}`);

  it('finds each with its number, port and directory', async () => {
    const [one, two] = [await start("it's one"), await start('two', '0.0.0.0')];
    const servers = await (await open()).survey();
    expect(servers.map(({ pid, port, directory, hostname }) => ({ pid, port, directory, hostname }))).toEqual(
      [one, two]
        .map(({ pid, port, cwd }) => ({ pid, port, directory: cwd, hostname: '127.0.0.1' }))
        .sort((a, b) => a.pid - b.pid),
    );
    expect(servers.every(({ own, version }) => !own && version === null)).toBe(true);
  });

  it('finds one that listens on IPv6', async () => {
    const { port } = await start('six', '::1');
    expect(await (await open()).survey()).toMatchObject([{ port, hostname: '::1' }]);
  });

  it('passes over another program that listens, whatever it calls itself, and one that does not listen', async () => {
    await start('node', '127.0.0.1', [process.execPath]);
    await opencode.install(`console.log('0');${LISTENS_NOT}`);
    await start('silent');
    expect(await (await open()).survey()).toEqual([]);
  });

  it('finds one that is called otherwise by the path of the configuration', async () => {
    const other = join(opencode.home, 'bin', 'a code of another name');
    await rename(opencode.program, other);
    await opencode.install(`process.title = 'a code of anoth';${TELLS}`);
    const { port } = await start('other', '127.0.0.1', [other]);
    const { run } = await open();
    const request = { opencodePath: other, fingerprint: 'known', enrich: true, skip: [] };
    const { servers } = parseSurveyReport(await run(surveyScript(request)));
    // ps shows no more than the kernel keeps of a name.
    expect(servers.some((server) => server.port === port)).toBe(source === 'proc');
  });

  it('sees them come and go', async () => {
    const { survey } = await open();
    expect(await survey()).toEqual([]);
    const { port, child } = await start('one');
    expect(await survey()).toMatchObject([{ port }]);
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await gone;
    expect(await survey()).toEqual([]);
  });

  it('sees one that listens only some time after its start', async () => {
    await opencode.install(LISTENS_LATER);
    const { child } = await start('late');
    const { survey } = await open();
    expect(await survey()).toEqual([]);
    const listening = nextPort(child);
    child.kill('SIGUSR2');
    const port = await listening;
    expect(await survey()).toMatchObject([{ port }]);
  });

  it("recognises ocr's own by its file, and reads its password only when it is asked to", async () => {
    await opencode.install(LISTENS);
    const options = { opencodePath: opencode.program, mayStart: true, timeout: 20_000, version: '1.18.33' };
    const own = await ensureOwnServer(opencode.host(`ocr_sources=${source}`), options, signal);
    onTestFinished(() => void process.kill(own.server.pid, 'SIGKILL'));
    await opencode.install(TELLS);
    await start('other');
    const { run, survey } = await open();
    const servers = await survey();
    expect(servers[0]).toEqual(own.server);
    expect(servers.map((server) => server.own)).toEqual([true, false]);
    const request = { opencodePath: opencode.program, fingerprint: 'known', enrich: true, skip: [] };
    expect(await run(surveyScript(request))).not.toContain(own.password);
    expect(await run('set')).not.toContain(own.password);
    expect(parseOwnSecret(await run(OWN_SECRET_SCRIPT), own.server)).toBe(own.password);
  });
});

describe.each(SOURCES)('an opencode that works on no session, by %s', (source) => {
  it.each([
    ['attach http://127.0.0.1:1', 'asks'],
    ['db path', 'asks'],
    ['session list', 'asks'],
    ['run hello', 'works'],
    ['serve --port 0', 'works'],
    ['', 'works'],
  ])('is told by its words: opencode %s', async (words, expected) => {
    // A shell by that name, whose script has the name of the first word, and waits for a line.
    const cwd = join(opencode.home, 'words');
    await mkdir(cwd);
    await copyFile('/bin/sh', join(cwd, 'opencode'));
    const given = words.split(' ').filter((word) => word !== '');
    if (given[0] !== undefined) await writeFile(join(cwd, given[0]), 'read line\n');
    const child = spawn('./opencode', given, { cwd, stdio: ['pipe', 'ignore', 'ignore'] });
    onTestFinished(() => void child.kill('SIGKILL'));
    const { run, survey } = await openSurvey(`ocr_sources=${source}`);
    await survey();
    const ask = `if ocr_only_asks ${child.pid}; then echo asks; else echo works; fi`;
    await expect.poll(async () => (await run(ask)).trim()).toBe(expected);
  });

  it('is one that has ended, too', async () => {
    const { run, survey } = await openSurvey(`ocr_sources=${source}`);
    await survey();
    expect((await run('ocr_only_asks 4194300 && echo asks')).trim()).toBe('asks');
  });
});

describe('the survey of servers', () => {
  it('starts no process for servers that are known', async () => {
    await start('one');
    const { run, survey } = await openSurvey();
    await run('ocr_test_path=$PATH');
    // A server of another test that begins between the two surveys is not known, and takes a process.
    await expect
      .poll(async () => {
        await run('PATH=$ocr_test_path');
        const first = await survey();
        await run('PATH=/nonexistent');
        return { count: first.length, isSame: isDeepStrictEqual(await survey(), first) };
      })
      .toEqual({ count: 1, isSame: true });
    expect(await survey(null)).toEqual([]);
  });

  it.skipIf(!canLeaveNetwork)('passes over one in a network of its own, such as a container', async () => {
    const { port } = await start('inside', '0.0.0.0', ['unshare', '--net', opencode.program]);
    expect(port).toBeGreaterThan(0);
    expect(await (await openSurvey()).survey()).toEqual([]);
  });

  it('is not in the way where nothing is installed that it needs', async () => {
    await start('one');
    const bare = join(opencode.home, 'bare');
    await mkdir(bare);
    await symlink('/bin/date', join(bare, 'date'));
    const { run } = await openSurvey(`PATH='${bare.replaceAll("'", `'\\''`)}' ocr_sources=ps`);
    const request = { opencodePath: opencode.program, fingerprint: null, enrich: true, skip: [] };
    expect(parseSurveyReport(await run(surveyScript(request)))).toMatchObject({
      servers: [],
      processes: null,
      state: { kind: 'no-database' },
    });
  });

  it('is not misled by a file of another form', async () => {
    await start('one');
    await mkdir(opencode.stateFolder, { recursive: true });
    const { survey } = await openSurvey();
    for (const text of ['', '\n', 'nonsense', '{"version":1,"pid":1}', `{"host":"x","pid":"$(id)"}`]) {
      await writeFile(join(opencode.stateFolder, 'server.json'), text);
      expect(await survey()).toMatchObject([{ own: false }]);
    }
  });
});
