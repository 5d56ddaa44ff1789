import { appendFile, chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Fleet, startFleet } from '../fleet/fleet.ts';
import { findProgram } from '../fleet/requirements.ts';
import { runProgram } from '../support/fleet-program.ts';

let folder: string;
let home: string;
let environment: NodeJS.ProcessEnv;
let emptySshConfig: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ocr-usage-'));
  home = join(folder, 'home');
  await mkdir(home);
  emptySshConfig = join(folder, 'ssh_config');
  await writeFile(emptySshConfig, '');
  environment = { PATH: '/usr/bin:/bin', HOME: home, LANG: 'C.UTF-8' };
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('a wrong use', () => {
  it('names line, column and the nearest key of an invalid configuration, which stays as it is', async () => {
    const path = join(folder, 'wrong.yaml');
    const yaml = '# mine\ndisplay:\n  theme: light\npolling:\n  intervall: 10s # too long\n  timeout: soon\n';
    await writeFile(path, yaml);
    const { code, stdout, stderr } = await runProgram(['hosts', '--json', '--config', path], environment);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain(`${path}:5:3: unknown key "polling.intervall"; did you mean "interval"?`);
    expect(stderr.split('\n').find((line) => line.includes(`${path}:6:12: polling.timeout: `))).toContain('"soon"');
    expect(stderr).not.toMatch(/^\s+at /m);
    expect(await readFile(path, 'utf8')).toBe(yaml);
  });

  it('leaves an invalid configuration at the default place as it is too', async () => {
    const path = join(home, '.opencode/remote-tui.yaml');
    await mkdir(join(home, '.opencode'));
    await writeFile(path, 'polling: [\n');
    const { code, stderr } = await runProgram(['hosts'], environment);
    expect(code).toBe(2);
    expect(stderr).toContain(`${path}:`);
    expect(await readFile(path, 'utf8')).toBe('polling: [\n');
  });

  it.each([
    [['--colour'], "unknown option '--colour'"],
    [['hosts', '--jsn'], "unknown option '--jsn'"],
    [['host'], 'host'],
    [['hosts', 'alpha'], 'too many arguments'],
    [['hosts', '--log-level', 'loud'], 'loud'],
  ])('is told of and exits with 2: %j', async (parameters, message) => {
    const { code, stdout, stderr } = await runProgram(parameters, environment);
    expect(stderr).toContain(message);
    expect(stdout).toBe('');
    expect(code).toBe(2);
  });

  it.each([
    ['a configuration', '--config', 'hosts'],
    ['an ssh config', '--ssh-config', 'sessions'],
  ])('that names %s which is not there exits with 2', async (_what, option, verb) => {
    const missing = join(folder, 'missing');
    const { code, stderr } = await runProgram([verb, option, missing], environment);
    expect(stderr).toContain(`${missing}: cannot read`);
    expect(code).toBe(2);
  });

  it('of the dashboard without a terminal names the verbs for scripts and exits with 2', async () => {
    const { code, stderr } = await runProgram(['--ssh-config', emptySshConfig], environment);
    expect(stderr).toContain('ocr hosts --json');
    expect(code).toBe(2);
  });
});

describe('a first run', () => {
  it('writes the commented defaults for that user alone and lists this machine', async () => {
    const { code, stdout, stderr } = await runProgram(['hosts', '--json', '--ssh-config', emptySshConfig], environment);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(JSON.parse(stdout)).toMatchObject([{ name: 'local', address: null, port: null, user: null }]);
    const path = join(home, '.opencode/remote-tui.yaml');
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    const example = new URL('../../remote-tui.example.yaml', import.meta.url);
    expect(await readFile(path, 'utf8')).toBe(await readFile(example, 'utf8'));
  });

  it('goes on where nothing can be written', async () => {
    // No folder can be created there, not even by root.
    home = '/sys';
    environment = { ...environment, HOME: home };
    const { code, stdout, stderr } = await runProgram(['hosts', '--json', '--ssh-config', emptySshConfig], environment);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toHaveLength(1);
    expect(stderr).toContain(`${join(home, '.opencode/remote-tui.yaml')} could not be written`);
  });
});

describe('what is kept between runs', () => {
  let fleet: Fleet;
  let calls: string;
  let parameters: string[];

  beforeAll(async () => {
    fleet = await startFleet({ hosts: ['homebin', 'bare', 'refused'] });
  });
  afterAll(() => fleet?.close());
  beforeEach(async () => {
    calls = join(folder, 'calls');
    await writeFile(calls, '');
    const bin = join(folder, 'bin');
    await mkdir(bin);
    await writeFile(join(bin, 'ssh'), `#!/bin/sh\necho "$*" >>'${calls}'\nexec '${findProgram('ssh')}' "$@"\n`);
    await chmod(join(bin, 'ssh'), 0o755);
    environment = { ...environment, PATH: [bin, environment.PATH].join(delimiter) };
    const config = join(folder, 'config.yaml');
    await writeFile(config, 'hosts: {local: false}\n');
    parameters = ['sessions', '--json', '--ssh-config', fleet.sshConfig, '--config', config];
  });

  /** Runs the program and gives the aliases that it asked ssh for, sorted. */
  async function runAndListCalls(more: readonly string[] = []): Promise<string[]> {
    await writeFile(calls, '');
    const { code, stdout } = await runProgram([...parameters, ...more], environment);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toHaveLength(2);
    const lines = (await readFile(calls, 'utf8')).trim().split('\n');
    return lines.flatMap((line) => /-G -- (\S+)$/.exec(line)?.[1] ?? (line === '' ? [] : [line])).sort();
  }

  it('spares the second start from asking ssh, until one of the files changes that it reads', async () => {
    // `localhost` is the question for what ssh does without any configuration.
    const all = ['bare', 'homebin', 'localhost', 'refused'];
    expect(await runAndListCalls()).toEqual(all);
    expect(await runAndListCalls()).toEqual([]);
    await appendFile(fleet.sshConfig, '# a comment\n');
    expect(await runAndListCalls()).toEqual(all);
    expect(await runAndListCalls()).toEqual([]);
    await appendFile(`${fleet.sshConfig}.included`, '# a comment\n');
    expect(await runAndListCalls()).toEqual(all);
  });

  it('is for that user alone', async () => {
    await runAndListCalls();
    const cache = join(home, '.cache/ocr');
    expect((await stat(cache)).mode & 0o777).toBe(0o700);
    const listed = await readdir(cache, { recursive: true, withFileTypes: true });
    // Compiled code is no secret.
    const files = listed.filter((entry) => entry.isFile() && !entry.parentPath.includes('compiled'));
    expect(files.map(({ name }) => name).sort()).toEqual([
      expect.stringMatching(/^homebin-.*\.json$/),
      'parsed.json',
      'routes.json',
    ]);
    for (const { parentPath, name } of files) {
      expect((await stat(join(parentPath, name))).mode & 0o777, name).toBe(0o600);
    }
  });

  it('is nothing with --no-cache', async () => {
    await runAndListCalls(['--no-cache']);
    expect(await readdir(home)).not.toContain('.cache');
  });
});
