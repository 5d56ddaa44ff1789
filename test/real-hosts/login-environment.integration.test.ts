import { execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmod, mkdir, mkdtemp, readdir, readFile, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { findLabCapabilities } from '../ssh-lab/capabilities.ts';
import { type Lab, startLab } from '../ssh-lab/lab.ts';
import { runSsh } from '../ssh-lab/openssh.ts';
import type { LabHostPlan } from '../ssh-lab/plan.ts';
import { program, programPath } from '../support/fleet-program.ts';
import { LabDashboard } from '../support/lab-dashboard.ts';
import { databaseRows, type LoginRow, missingRows, pathRows, slowRows } from './login-rows.ts';

const run = promisify(execFile);
const data = '.local/share/opencode';
/** A host whose database is empty, beside a server that lists sessions of another one. */
const SERVED = 'served-elsewhere';

interface HostJson {
  readonly name: string;
  readonly status: string;
  readonly reason: string | null;
  readonly hint: string | null;
  readonly opencode: { readonly path: string } | null;
  readonly database: string | null;
  readonly profile: string | null;
  readonly sessions: number | null;
}

let lab: Lab;
let rows: Record<string, LoginRow>;
let hosts: Map<string, HostJson>;
let sessions: { readonly host: string; readonly title: string }[];
/** The files of each home before and after all questions. */
let before: Map<string, string>;
let after: Map<string, string>;
/** How the opencode of some hosts was started by then. */
const started = new Map<string, string>();

const at = (alias: string, path: string | null | undefined) => (path == null ? null : join(lab.host(alias).home, path));

/** Runs the built program with a home of its own, over every host of the lab or the ones that are named. */
async function ocr(parameters: readonly string[], aliases: readonly string[]): Promise<string> {
  const folder = await mkdtemp(join(lab.directory, 'ocr-'));
  const config = join(folder, 'config.yaml');
  const slow = Object.keys(slowRows).map((alias) => `${alias}: {timeout: 3s}`);
  await writeFile(
    config,
    `polling: {timeout: 60s, max_parallel: 20}
hosts:
  local: false
  include: [${aliases.join(', ')}]
  overrides: {${[...slow, 'db-channel-readonly: {readonly: true}'].join(', ')}}
`,
  );
  const environment = { ...lab.environment, PATH: programPath(), OCR_FLEET: lab.directory };
  const { stdout } = await run(
    process.execPath,
    [program, ...parameters, '--json', '--ssh-config', lab.sshConfig, '--config', config],
    { env: { ...environment, HOME: folder }, maxBuffer: 64 * 2 ** 20 },
  );
  return stdout;
}

/** The view of a user who logs in with `ssh HOST` and types: the program, and the database that it names itself. */
async function typed(alias: string, asksOpencode = false): Promise<{ opencode: string; database: string }> {
  const child = spawn('ssh', ['-tt', '-F', lab.sshConfig, alias], {
    env: lab.environment,
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const database = asksOpencode ? '$(opencode db path)' : '';
  child.stdin.write(`exec /bin/sh -c 'printf "OCR<%s|%s>" "$(command -v opencode)" "${database}"'\n`);
  const output = await text(child.stdout);
  const found = /OCR<([^%>]*)>/.exec(output)?.[1];
  if (found === undefined) throw new Error(`${alias} gave no answer: ${output}`);
  const [opencode = '', named = ''] = found.split('|');
  return { opencode, database: named };
}

/** A copy of the seeded database whose sessions say in which one they are. */
async function copyDatabase(from: string, to: string, title: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true });
  await run('sqlite3', [from, `VACUUM INTO '${to}'`]);
  await run('sqlite3', [to, `UPDATE session SET title = '${title}'`]);
}

/** Every file below a folder, with its time and content, but those that the row's own programs write. */
async function describeFiles(home: string): Promise<string> {
  const names = await readdir(home, { recursive: true, withFileTypes: true });
  const files = names.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const described = files
    // fish itself keeps its universal variables and history there, at every start.
    .filter((path) => !/\/started$|\/\.config\/fish\/fish_variables|\/\.local\/share\/fish\/|\/\.cache\//.test(path))
    .map(async (path) => {
      const digest = createHash('sha256')
        .update(await readFile(path))
        .digest('hex');
      return `${relative(home, path)} ${(await stat(path)).mtimeMs} ${digest}`;
    });
  return (await Promise.all(described)).sort().join('\n');
}

async function describeHomes(aliases: readonly string[]): Promise<Map<string, string>> {
  return new Map(
    await Promise.all(aliases.map(async (alias) => [alias, await describeFiles(lab.host(alias).home)] as const)),
  );
}

/** Starts a real server whose sessions are in a data folder that only its own environment names. */
async function serveElsewhere(): Promise<void> {
  const { home } = lab.host(SERVED);
  await copyDatabase(join(home, data, 'opencode.db'), join(home, 'served/opencode/opencode.db'), 'served');
  await run('sqlite3', [join(home, data, 'opencode.db'), 'DELETE FROM message; DELETE FROM session']);
  const serve = `exec setsid ${home}/.opencode/bin/opencode serve --port 0 </dev/null >${home}/server.log 2>&1`;
  await runSsh(lab, SERVED, `cd /; XDG_DATA_HOME=${home}/served; export XDG_DATA_HOME; (${serve}) & sleep 0`);
  const listens = async () => expect(await readFile(join(home, 'server.log'), 'utf8')).toMatch(/listening on/);
  await vi.waitFor(listens, { timeout: 60_000, interval: 100 });
}

beforeAll(async () => {
  const ash = join(await mkdtemp(join(tmpdir(), 'ocr-ash-')), 'ash');
  await symlink('/bin/busybox', ash);
  rows = { ...pathRows(ash), ...databaseRows, ...slowRows };
  const plans: Record<string, LabHostPlan> = {
    ...Object.fromEntries(Object.entries(rows).map(([alias, { plan }]) => [alias, plan])),
    ...Object.fromEntries(Object.entries(missingRows).map(([alias, { plan }]) => [alias, plan])),
    [SERVED]: { shell: '/bin/bash', opencode: true },
  };
  lab = await startLab(plans);
  const seeded = join(lab.host('db-zshenv').home, data, 'opencode.db');
  for (const [alias, { database, opencode }] of Object.entries(rows)) {
    const { home } = lab.host(alias);
    if (opencode !== null && !opencode.startsWith('.opencode/')) await chmod(join(home, opencode), 0o755);
    if (database === null) continue;
    await copyDatabase(seeded, join(home, database), `in ${database}`);
    if (rows[alias]?.plan.opencode === undefined) await copyDatabase(seeded, join(home, data, 'opencode.db'), 'old');
  }
  for (const alias of ['db-channel', 'db-channel-readonly'])
    await utimes(at(alias, `${data}/opencode.db`) ?? '', 1e9, 1e9);
  for (const [alias, versions] of Object.entries({
    'nvm-newest': ['.nvm/versions/node', 'bin'],
    'nvm-default': ['.nvm/versions/node', 'bin'],
    'fnm-newest': ['.local/share/fnm/node-versions', 'installation/bin'],
  })) {
    const folder = join(lab.host(alias).home, versions[0] ?? '');
    for (const name of await readdir(folder)) await chmod(join(folder, name, versions[1] ?? '', 'opencode'), 0o755);
  }
  for (const alias of Object.keys(plans)) await writeFile(join(lab.host(alias).home, 'history'), 'one\ntwo\n');
  await serveElsewhere();
  const aliases = Object.keys(plans);
  before = await describeHomes(aliases);
  const [hostsJson, sessionsJson] = [
    await ocr(['hosts'], aliases),
    await ocr(['sessions'], [...Object.keys(databaseRows), SERVED]),
  ];
  hosts = new Map((JSON.parse(hostsJson) as HostJson[]).map((host) => [host.name, host]));
  sessions = JSON.parse(sessionsJson);
  after = await describeHomes(aliases);
  for (const alias of ['db-channel', 'db-channel-readonly']) {
    started.set(alias, await readFile(at(alias, 'started') ?? '', 'utf8').catch(() => ''));
  }
});
afterAll(() => lab?.close());

const describeWithShells = describe.runIf(findLabCapabilities().passwords);

describeWithShells('opencode on a host whose login', () => {
  it.each(Object.keys(pathRows('')))('%s says where it is, is found as after ssh HOST', async (alias) => {
    const expected = at(alias, rows[alias]?.opencode);
    expect(hosts.get(alias)).toMatchObject({ status: 'online', opencode: { path: expected }, sessions: 0 });
    const { opencode } = await typed(alias);
    expect(opencode).toBe(rows[alias]?.fallback ? '' : expected);
  });

  it.each(Object.entries(missingRows))(
    '%s knows none, is said to be missing, with what was asked',
    async (alias, { hint }) => {
      expect(hosts.get(alias)).toMatchObject({
        status: 'no-opencode',
        sessions: null,
        hint: expect.stringContaining(hint),
      });
    },
  );
});

describeWithShells('the database of a host whose login', () => {
  it.each(Object.keys(databaseRows))('%s names another is read', async (alias) => {
    const expected = at(alias, rows[alias]?.database);
    expect(hosts.get(alias)).toMatchObject({ status: 'online', database: expected, sessions: 2 });
    const titles = sessions.filter(({ host }) => host === alias).map(({ title }) => title);
    expect(titles).toEqual([`in ${rows[alias]?.database}`, `in ${rows[alias]?.database}`]);
    expect(await typed(alias, true)).toEqual({ opencode: at(alias, rows[alias]?.opencode), database: expected });
  });

  it('is not asked of opencode on a read-only host', () => {
    expect(started.get('db-channel-readonly')).not.toContain('db path');
    expect(started.get('db-channel')).toContain('db path');
  });

  it('lacks what a server lists gives way to the server', () => {
    expect(hosts.get(SERVED)).toMatchObject({ status: 'online', sessions: 2 });
    const titles = sessions.filter(({ host }) => host === SERVED).map(({ title }) => title);
    expect(titles).toEqual(['served', 'served']);
  });
});

describeWithShells('a profile', () => {
  it.each(['slow-zprofile', 'slow-fish'])('that is slow (%s) leaves its host online, and is told of', async (alias) => {
    expect(hosts.get(alias)).toMatchObject({
      status: 'online',
      opencode: { path: at(alias, 'tools/opencode') },
      profile: expect.stringMatching(/^profile is slow \(\d+ s\)$/),
    });
  });

  it('that hangs is left out, and its host is online', () => {
    expect(hosts.get('hung-profile')).toMatchObject({
      status: 'online',
      opencode: { path: at('hung-profile', '.local/bin/opencode') },
      profile: expect.stringMatching(/^profile left out: \/bin\/bash did not answer within \d+ s as a login shell$/),
    });
  });

  it('and a history are as they were after all was asked', () => {
    for (const [alias, files] of before) if (alias !== SERVED) expect(after.get(alias), alias).toBe(files);
  });

  it('that is slow is waited for with words instead of a count', async () => {
    const dashboard = new LabDashboard('login-environment', lab);
    try {
      const yaml = 'polling: {interval: 1h, timeout: 3s}';
      await dashboard.open({ include: ['slow-zprofile'], yaml });
      const waiting = await dashboard.waitForRow('slow-zprofile', 'reading the login environment');
      expect(waiting).not.toMatch(/slow-zprofile\s+\d/);
      await dashboard.waitForRow('slow-zprofile', / slow-zprofile {2}0 .* (polled|live) /);
      await dashboard.select('slow-zprofile');
      await dashboard.keys('i');
      await dashboard.waitFor(/profile is slow \(\d+ s\)/);
    } finally {
      await dashboard.close();
    }
  });
});
