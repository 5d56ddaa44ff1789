import { execFile, spawn } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readdir, readFile, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findLabCapabilities } from '../ssh-lab/capabilities.ts';
import { type Lab, startLab } from '../ssh-lab/lab.ts';
import type { LabHostPlan } from '../ssh-lab/plan.ts';
import { program, programPath } from '../support/fleet-program.ts';
import { databaseRows, type LoginRow, missingRows, pathRows, slowRows } from './login-rows.ts';

const run = promisify(execFile);
const data = '.local/share/opencode';

interface HostJson {
  readonly name: string;
  readonly status: string;
  readonly reason: string | null;
  readonly opencode: { readonly path: string } | null;
  readonly database: string | null;
  readonly profile: string | null;
  readonly sessions: number | null;
}

let lab: Lab;
let rows: Record<string, LoginRow>;
let hosts: Map<string, HostJson>;
let sessions: { readonly host: string; readonly title: string }[];
/** What each home's files were before anything was asked. */
let before: Map<string, string>;

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

/** What `opencode`, `OPENCODE_DB` and `XDG_DATA_HOME` are for a user who logs in with `ssh HOST` and types. */
async function typed(alias: string): Promise<{ opencode: string; database: string }> {
  const child = spawn('ssh', ['-tt', '-F', lab.sshConfig, alias], {
    env: lab.environment,
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const tell = `printf "OCR<%s|%s|%s|%s>" "$(command -v opencode)" "$OPENCODE_DB" "$XDG_DATA_HOME" "$HOME"`;
  child.stdin.write(`exec /bin/sh -c '${tell}'\n`);
  const output = await text(child.stdout);
  const [opencode = '', variable = '', dataHome = '', home = ''] = /OCR<([^%>]*)>/.exec(output)?.[1]?.split('|') ?? [
    output,
  ];
  const folder = join(dataHome || join(home, '.local/share'), 'opencode');
  return { opencode, database: variable.startsWith('/') ? variable : join(folder, variable || 'opencode.db') };
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
    .map(async (path) => `${path} ${(await stat(path)).mtimeMs} ${(await readFile(path)).toString('base64')}`);
  return (await Promise.all(described)).sort().join('\n');
}

beforeAll(async () => {
  const ash = join(await mkdtemp(join(tmpdir(), 'ocr-ash-')), 'ash');
  await symlink('/bin/busybox', ash);
  rows = { ...pathRows(ash), ...databaseRows, ...slowRows };
  const plans: Record<string, LabHostPlan> = {
    ...Object.fromEntries(Object.entries(rows).map(([alias, { plan }]) => [alias, plan])),
    ...Object.fromEntries(Object.entries(missingRows).map(([alias, { plan }]) => [alias, plan])),
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
    // The oldest and the newest that have opencode are programs; of those between, the files are there but cannot run.
    for (const name of await readdir(folder)) await chmod(join(folder, name, versions[1] ?? '', 'opencode'), 0o755);
  }
  for (const alias of Object.keys(plans)) await writeFile(join(lab.host(alias).home, 'history'), 'one\ntwo\n');
  before = new Map();
  for (const alias of Object.keys(plans)) before.set(alias, await describeFiles(lab.host(alias).home));
  const aliases = Object.keys(plans);
  const [hostsJson, sessionsJson] = [await ocr(['hosts'], aliases), await ocr(['sessions'], Object.keys(databaseRows))];
  hosts = new Map((JSON.parse(hostsJson) as HostJson[]).map((host) => [host.name, host]));
  sessions = JSON.parse(sessionsJson);
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
      expect(hosts.get(alias)).toMatchObject({ status: 'no-opencode' });
      expect(hosts.get(alias)?.sessions).toBeNull();
      expect(hint).not.toBe('');
    },
  );
});

describeWithShells('the database of a host whose login', () => {
  it.each(Object.keys(databaseRows))('%s names another is read', async (alias) => {
    const expected = at(alias, rows[alias]?.database);
    expect(hosts.get(alias)).toMatchObject({ status: 'online', database: expected, sessions: 2 });
    const titles = sessions.filter(({ host }) => host === alias).map(({ title }) => title);
    expect(titles).toEqual([`in ${rows[alias]?.database}`, `in ${rows[alias]?.database}`]);
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
      profile: expect.stringMatching(/^profile left out: \/bin\/bash gave no answer within \d+ s as a login shell$/),
    });
  });

  it('and a history are as they were after all was asked', async () => {
    for (const [alias, files] of before) expect(await describeFiles(lab.host(alias).home), alias).toBe(files);
  });
});
