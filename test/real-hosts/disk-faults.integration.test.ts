import { execFileSync, spawnSync } from 'node:child_process';
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { parseExport } from '../../src/opencode/export-import.ts';
import { writeExport } from '../../src/operations/delete/export-file.ts';
import { type Lab, startLab } from '../ssh-lab/lab.ts';
import { runProgram } from '../support/fleet-program.ts';
import { makeTempDir } from '../support/temp-dir.ts';

let lab: Lab<'web'>;
beforeAll(async () => {
  lab = await startLab({ web: {} });
});
afterAll(() => lab?.close());

/** Runs the built program as a user with an empty home. @param changes variables of the environment */
async function ocr(parameters: readonly string[], changes: NodeJS.ProcessEnv = {}) {
  const home = await makeTempDir();
  const config = join(home, 'config.yaml');
  await writeFile(config, 'hosts: {local: false, include: [web]}\npolling: {timeout: 60s}\n', { mode: 0o600 });
  const files = ['--ssh-config', lab.sshConfig, '--config', config];
  const environment = { ...lab.environment, HOME: home, XDG_CACHE_HOME: join(home, 'cache'), ...changes };
  return runProgram(['hosts', '--json', ...files, ...parameters], environment);
}

function expectAnswer({ code, stdout }: { code: number | null; stdout: string }): void {
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject([{ name: 'web', status: 'no-opencode' }]);
}

const noticesIn = (stderr: string) => stderr.split('\n').filter((line) => line.startsWith('ocr: '));

/** A file system that has no room left; `null` where none can be mounted. */
async function fullDisk(): Promise<string | null> {
  const folder = await makeTempDir();
  if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=16k', 'full', folder]).status !== 0) return null;
  onTestFinished(() => void spawnSync('umount', ['-l', folder]));
  spawnSync('dd', ['if=/dev/zero', `of=${join(folder, 'filler')}`, 'bs=4k', 'count=100']);
  return folder;
}

describe('a full disk', () => {
  it('under the log is one notice, and the program goes on', async () => {
    const outcome = await ocr(['--log-file', '/dev/full', '--log-level', 'debug']);
    expectAnswer(outcome);
    expect(noticesIn(outcome.stderr)).toEqual([
      'ocr: /dev/full: the log cannot be written: ENOSPC: no space left on device, write',
    ]);
  });

  it('under the cache, the routes and the log is one notice for each, and the program goes on', async ({ skip }) => {
    const folder = await fullDisk();
    if (folder === null) return skip('no tmpfs can be mounted here');
    await mkdir(join(folder, 'ocr'));
    const log = join(folder, 'log');
    const outcome = await ocr(['--log-file', log], { XDG_CACHE_HOME: folder });
    expectAnswer(outcome);
    expect(noticesIn(outcome.stderr).filter((line) => line.includes('cannot be written'))).toHaveLength(1);
    expect((await stat(log)).size).toBe(0);
  });

  it('under the exports leaves no half an export, and says that nothing was written', async ({ skip }) => {
    const folder = await fullDisk();
    if (folder === null) return skip('no tmpfs can be mounted here');
    const exported = parseExport(
      JSON.stringify({
        info: { id: 'ses_1', title: 'x'.repeat(10_000), directory: '/srv', projectID: 'p' },
        messages: [],
      }),
    );
    await expect(writeExport(folder, 'one.json', exported)).rejects.toThrow(/the export cannot be written: ENOSPC/);
    expect(await readdir(folder)).toEqual(['filler']);
  });
});

describe('odd things where a file belongs', () => {
  it.each(['FIFO', 'folder'])('a %s for the routes is set aside, and holds nothing up', async (kind) => {
    const cache = await makeTempDir();
    const path = join(cache, 'ocr', 'routes.json');
    await mkdir(join(cache, 'ocr', 'snapshots'), { recursive: true });
    if (kind === 'FIFO') execFileSync('mkfifo', [path]);
    else await mkdir(path);
    expectAnswer(await ocr([], { XDG_CACHE_HOME: cache }));
    expect(await readdir(join(cache, 'ocr'))).toContain('routes.json.damaged');
    expect((await stat(path)).isFile()).toBe(true);
  });

  it('a FIFO without a reader is no log, and blocks nothing', async () => {
    const path = join(await makeTempDir(), 'log');
    execFileSync('mkfifo', [path]);
    const { code, stderr } = await ocr(['--log-file', path]);
    expect(code).toBe(2);
    expect(stderr).toContain(`ocr: ${path}: cannot write the log: ENXIO`);
  });

  it('a file where the folder of the cache belongs is no reason to stop', async () => {
    const cache = await makeTempDir();
    await writeFile(join(cache, 'ocr'), 'in the way');
    expectAnswer(await ocr([], { XDG_CACHE_HOME: cache }));
    expect(await readFile(join(cache, 'ocr'), 'utf8')).toBe('in the way');
  });
});

describe('what a killed ocr left', () => {
  it('is swept at the next start, its ssh master with it', async () => {
    const temporary = await makeTempDir();
    const folder = join(temporary, 'ocr-aB3dE9');
    await mkdir(folder, { mode: 0o700 });
    await writeFile(join(folder, 'owner'), `${spawnSync('true').pid} ${hostname()}\n`);
    const ssh = (...words: string[]) =>
      spawnSync('ssh', ['-F', lab.sshConfig, '-S', join(folder, '1'), ...words, 'web'], {
        env: lab.environment,
        stdio: 'ignore',
      }).status;
    expect(ssh('-M', '-fN', '-o', 'ControlPersist=600')).toBe(0);
    expect(ssh('-O', 'check')).toBe(0);
    expectAnswer(await ocr([], { TMPDIR: temporary }));
    await expect.poll(() => ssh('-O', 'check')).toBe(255);
    await expect.poll(() => readdir(temporary)).not.toContain('ocr-aB3dE9');
  });
});

describe('a file that other users can read', () => {
  it('is warned of with what to do: a log, and a configuration with a password', async () => {
    const folder = await makeTempDir();
    const [log, config] = [join(folder, 'log'), join(folder, 'config.yaml')];
    await writeFile(log, '', { mode: 0o644 });
    const yaml = 'hosts: {local: false, include: [web], overrides: {web: {server_password: hidden}}}\n';
    await writeFile(config, `${yaml}polling: {timeout: 60s}\n`, { mode: 0o644 });
    const outcome = await ocr(['--log-file', log, '--config', config]);
    expectAnswer(outcome);
    expect(noticesIn(outcome.stderr)).toEqual([
      `ocr: ${config} holds a password, and other users can reach it (mode 644): chmod 600 '${config}'`,
      `ocr: ${log} is the log, and other users can reach it (mode 644): chmod 600 '${log}'`,
    ]);
    expect(outcome.stderr).not.toContain('hidden');
  });
});
