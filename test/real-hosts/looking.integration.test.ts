import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { FLEET_ACTIONS } from '../../src/actions/fleet/fleet-actions.ts';
import { createBindings } from '../../src/components/keys/bindings.ts';
import { findCacheDirectory } from '../fleet/cache.ts';
import { databasePath, opencodeVersion } from '../fleet/home.ts';
import { installOpencode } from '../fleet/opencode-install.ts';
import { findLabCapabilities } from '../ssh-lab/capabilities.ts';
import { type Lab, startLab } from '../ssh-lab/lab.ts';
import { runSsh } from '../ssh-lab/openssh.ts';
import type { LabHostPlan } from '../ssh-lab/plan.ts';
import { programPath, runProgram } from '../support/fleet-program.ts';
import { isDashboard, LabDashboard } from '../support/lab-dashboard.ts';
import { OLDER_SCHEMA } from '../support/opencode-home.ts';
import { pictureHome } from './home-picture.ts';

/** A session of the seeded homes, with what is said in it. */
const title = 'Cache the exchange rates';
const said = 'cache them for an hour';

const plans = {
  empty: { shell: '/bin/bash', home: { '.bash_history': 'ls\n', '.bashrc': 'shopt -s histappend\n' } },
  'json-era': {
    shell: '/usr/bin/zsh',
    home: {
      '.zshrc': 'HISTFILE=~/.zsh_history SAVEHIST=100 HISTSIZE=100\nsetopt INC_APPEND_HISTORY\n',
      '.zsh_history': 'ls\n',
      '.local/share/opencode/storage/project/p1.json': JSON.stringify({ id: 'p1', worktree: '/srv/shop' }),
      '.local/share/opencode/storage/session/p1/ses_1.json': JSON.stringify({
        ...{ id: 'ses_1', projectID: 'p1', directory: '/srv/shop/web', title: 'Kept in a file', version: '0.9.1' },
        time: { created: 1_700_000_000_000, updated: 1_700_000_100_000 },
      }),
    },
  },
  'zero-bytes': { shell: '/usr/bin/fish', home: { [databasePath]: '' } },
  normal: {
    shell: '/usr/bin/tcsh',
    opencode: true,
    home: { '.tcshrc': 'set savehist = (100 merge)\n', '.history': 'ls\n' },
  },
  'with-log': { shell: '/bin/bash', opencode: true, home: { '.bash_history': 'ls\n' } },
  older: { shell: '/bin/sh', home: { '.sh_history': 'ls\n' } },
  served: { shell: '/bin/bash', opencode: true, home: { '.profile': 'echo x >>~/profile-ran\n' } },
} as const satisfies Record<string, LabHostPlan>;
type Alias = keyof typeof plans;
const aliases = Object.keys(plans) as Alias[];

/**
 * Files that may change during mere reading: a user's own profile writes them, fish keeps them at each start, or a
 * running server logs.
 */
const exceptions: Readonly<Partial<Record<Alias, readonly RegExp[]>>> = {
  'zero-bytes': [/^\.config\/fish|^\.local\/share\/fish|^\.cache\/fish/],
  // Its profile sets savehist: tcsh then rewrites its history at every `exec`, also that of `ssh HOST 'exec sh'`.
  normal: [/^\.history$/],
  served: [/^profile-ran$/, /^\.local\/share\/opencode\/log\//],
};

let lab: Lab<Alias>;
let dashboard: LabDashboard;

const marker = () => join(lab.host('served').home, 'plugin-ran');
const pictures = async () =>
  Object.fromEntries(
    await Promise.all(
      aliases.map(async (alias) => [alias, await pictureHome(lab.host(alias).home, exceptions[alias] ?? [])] as const),
    ),
  );

async function ocr(...parameters: string[]): Promise<unknown> {
  const config = join(lab.directory, 'looking.yaml');
  await writeFile(config, `hosts: {local: false, include: [${aliases.join(', ')}]}\npolling: {timeout: 60s}\n`);
  const flags = ['--json', '--ssh-config', lab.sshConfig, '--config', config];
  const { stdout, stderr } = await runProgram([...parameters, ...flags], {
    ...{ ...lab.environment, PATH: programPath(), OCR_FLEET: lab.directory },
  });
  expect(stdout, stderr).not.toBe('');
  return JSON.parse(stdout);
}

/** A log that a killed opencode left: one more session is in it alone. */
async function leaveLog(database: string): Promise<void> {
  const script = `const { DatabaseSync } = require('node:sqlite');
    const db = new DatabaseSync(process.argv[1]);
    db.exec('PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0');
    db.exec("UPDATE session SET title = 'Only in the log' WHERE title = '${title}'");
    process.kill(process.pid, 'SIGKILL');`;
  await once(spawn(process.execPath, ['-e', script, database]), 'exit');
  expect(existsSync(`${database}-wal`)).toBe(true);
}

/** Puts a plugin where the sessions of `served` are, and starts a real server there that has opened nothing. */
async function serve(): Promise<void> {
  const { home } = lab.host('served');
  const db = new DatabaseSync(join(home, databasePath), { readOnly: true });
  const directories = db.prepare('SELECT DISTINCT directory FROM session').all();
  db.close();
  for (const { directory } of directories) {
    await mkdir(join(String(directory), '.opencode/plugin'), { recursive: true });
    const plugin = `import { appendFileSync } from 'node:fs';
export const Mark = async () => { appendFileSync(${JSON.stringify(marker())}, 'x'); return {}; };\n`;
    await writeFile(join(String(directory), '.opencode/plugin/mark.js'), plugin);
    // Pretends to be installed: there is no network to install it from.
    const dependencies = { '@opencode-ai/plugin': opencodeVersion };
    const lock = { name: 'x', lockfileVersion: 3, requires: true, packages: { '': { dependencies } } };
    await mkdir(join(String(directory), '.opencode/node_modules'), { recursive: true });
    await writeFile(join(String(directory), '.opencode/package.json'), JSON.stringify({ dependencies }));
    await writeFile(join(String(directory), '.opencode/package-lock.json'), JSON.stringify(lock));
  }
  const command = `exec setsid ~/.opencode/bin/opencode serve --hostname 127.0.0.1 --port 0 </dev/null >${lab.directory}/server.log 2>&1`;
  await runSsh(lab, 'served', `cd ~; (${command}) & sleep 0`);
  const listens = async () => expect(await readFile(join(lab.directory, 'server.log'), 'utf8')).toMatch(/listening on/);
  await vi.waitFor(listens, { timeout: 120_000, interval: 200 });
}

const describeWithShells = describe.runIf(findLabCapabilities().passwords);

beforeAll(async () => {
  if (!findLabCapabilities().passwords) return;
  lab = await startLab(plans);
  const binary = await installOpencode(findCacheDirectory(), () => {});
  for (const alias of ['empty', 'json-era', 'zero-bytes', 'older'] as const) {
    await mkdir(join(lab.host(alias).home, '.opencode/bin'), { recursive: true });
    await symlink(binary, join(lab.host(alias).home, '.opencode/bin/opencode'));
  }
  const older = join(lab.host('older').home, databasePath);
  await mkdir(join(older, '..'), { recursive: true });
  const db = new DatabaseSync(older);
  db.exec(OLDER_SCHEMA);
  db.close();
  await leaveLog(join(lab.host('with-log').home, databasePath));
  // Files that a shell creates at its first start are not the effect of reading.
  await Promise.all(aliases.map((alias) => runSsh(lab, alias, 'true')));
  await serve();
  dashboard = new LabDashboard('looking', lab);
});
afterEach(() => dashboard?.close());
afterAll(() => lab?.close());

describeWithShells('looking', () => {
  it('changes no file of any home by ocr hosts and ocr sessions, with --readonly and without', async () => {
    const before = await pictures();
    const hosts = await ocr('hosts', '--readonly');
    expect(hosts).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ name: 'empty', status: 'online', sessions: 0, reason: null }),
        expect.objectContaining({ name: 'json-era', sessions: 1, reason: expect.stringContaining('older opencode') }),
        expect.objectContaining({ name: 'zero-bytes', sessions: 0, reason: expect.stringContaining('0 bytes') }),
        expect.objectContaining({ name: 'normal', status: 'online', sessions: 2, reason: null }),
        expect.objectContaining({ name: 'with-log', status: 'online', sessions: 2, reason: null }),
        expect.objectContaining({ name: 'older', status: 'online', sessions: 1 }),
        expect.objectContaining({ name: 'served', status: 'online', sessions: 2, live: true }),
      ]),
    );
    expect(await pictures()).toEqual(before);
    const sessions = await ocr('sessions', '--readonly');
    expect(sessions).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ host: 'json-era', title: 'Kept in a file' }),
        expect.objectContaining({ host: 'with-log', title: 'Only in the log' }),
        expect.objectContaining({ host: 'older', title: 'Old' }),
      ]),
    );
    expect(await pictures()).toEqual(before);
    await ocr('hosts');
    expect(await pictures()).toEqual(before);
    expect(await readFile(join(lab.host('normal').home, '.history'), 'utf8')).toMatch(/^(#\+\d+\n)?ls\n$/);
    expect(existsSync(marker())).toBe(false);
  }, 300_000);

  it('changes no file by any key of the dashboard that does not act, on each host and each session', async () => {
    const before = await pictures();
    await dashboard.open({
      include: aliases,
      columns: 150,
      rows: 50,
      yaml: 'polling: {interval: 1h, timeout: 60s}\nreadonly: true',
    });
    await dashboard.waitUntilOnline(...aliases);
    const changing = new Set(FLEET_ACTIONS.flatMap(({ id, changes }) => (changes ? [id] : [])));
    const keys = createBindings({})
      .filter(
        ({ modes, action, fleet: id }) =>
          modes.includes('list') &&
          action !== 'quit' &&
          action !== 'activate' &&
          action !== 'open' &&
          id !== 'edit' &&
          !(id !== undefined && changing.has(id)),
      )
      .flatMap((binding) => binding.keys)
      .filter((key) => key.length === 1 || key === 'tab' || key === 'space');
    expect(keys.length).toBeGreaterThan(15);
    for (let row = 0; row < aliases.length; row += 1) {
      for (const key of keys) {
        await (key.length === 1 ? dashboard.terminal.type(key) : dashboard.keys(key === 'tab' ? 'Tab' : 'Space'));
        await dashboard.keys('Escape');
      }
      await dashboard.waitFor(isDashboard);
      await dashboard.keys('Home', ...Array.from({ length: row + 1 }, () => 'Down'));
    }
    await dashboard.keys('Escape', 'Escape', 'q');
    await dashboard.waitFor((lines) => !isDashboard(lines) || lines.some((line) => /quit/i.test(line)));
    expect(await pictures()).toEqual(before);
    expect(existsSync(marker())).toBe(false);
  }, 300_000);

  it('at a session through all tabs of the panel runs nothing of its repository, and acting does', async () => {
    await dashboard.open({ include: ['served'], columns: 150, rows: 50 });
    await dashboard.waitForRow('served', / live /);
    await dashboard.terminal.type('/exchange');
    await dashboard.waitFor(title);
    await dashboard.keys('Enter');
    await dashboard.waitFor(
      (lines) => /^ \S+ › /.test(lines[1] ?? '') && lines.some((line) => line.startsWith('▌') && line.includes(title)),
    );
    for (const tab of ['transcript', 'todo', 'changes', 'log', 'details', 'transcript']) {
      for (let round = 0; !(await dashboard.terminal.waitFor(`[${tab}]`, 1000).catch(() => null)); round += 1) {
        expect(round, (await dashboard.terminal.screen()).join('\n')).toBeLessThan(8);
        await dashboard.keys('Tab');
      }
      if (tab === 'transcript') await dashboard.waitFor(said);
    }
    expect(existsSync(marker())).toBe(false);
    await dashboard.keys('p');
    await dashboard.waitFor(/Prompt/);
    await dashboard.terminal.type('say hello');
    await dashboard.waitFor('say hello');
    await dashboard.keys('Enter');
    await expect
      .poll(async () => existsSync(marker()) || (await dashboard.terminal.screen()).join('\n'), { timeout: 60_000 })
      .toBe(true);
  }, 300_000);
});
