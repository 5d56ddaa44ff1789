import { spawnSync } from 'node:child_process';
import { mkdir, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PROFILE_FUNCTIONS } from '../../src/opencode/login-script.ts';
import { enterLogin, LOCATE_FUNCTIONS } from '../../src/probe/locate-script.ts';
import { isInstalled } from '../support/programs.ts';
import { makeTempDir } from '../support/temp-dir.ts';

const SHELLS = ['dash', 'bash --posix', 'busybox sh', 'ksh', 'mksh', 'zsh --emulate sh', 'yash'].filter((line) =>
  isInstalled(line.split(' ')[0] ?? ''),
);

/** A home with these programs and other files. */
async function makeHome(programs: readonly string[], files: Readonly<Record<string, string>> = {}): Promise<string> {
  const home = await makeTempDir();
  const all = { ...Object.fromEntries(programs.map((path) => [path, '#!/bin/sh\n'])), ...files };
  for (const [path, text] of Object.entries(all)) {
    await mkdir(dirname(join(home, path)), { recursive: true });
    await writeFile(join(home, path), text, { mode: 0o755 });
  }
  return home;
}

function run(shell: string, home: string, script: string): string {
  const [program = '', ...parameters] = shell.split(' ');
  const env = { HOME: home, PATH: '/usr/bin:/bin' };
  const { stdout, stderr } = spawnSync(program, [...parameters, '-c', `${LOCATE_FUNCTIONS}\n${script}`], {
    env,
    encoding: 'utf8',
  });
  expect(stderr).toBe('');
  return stdout.replaceAll(`${home}/`, '');
}

const FIND = 'ocr_find && printf %s "$ocr_opencode"';
const FIND_DATABASE = 'ocr_find_database && printf "%s %s" "$ocr_candidates" "$ocr_db"';
const inNvm = (...versions: string[]) => versions.map((version) => `.nvm/versions/node/${version}/bin/opencode`);
const data = '.local/share/opencode';

describe.each(SHELLS)('looking for opencode by %s', (shell) => {
  it.each<[string, string[], Record<string, string>, string]>([
    ['takes the newest version of nvm', inNvm('v9.11.2', 'v18.20.4', 'v22.1.0'), {}, 'v22.1.0'],
    ['compares all parts of a version', inNvm('v22.9.0', 'v22.10.0', 'v22.9.11'), {}, 'v22.10.0'],
    ["takes nvm's default", inNvm('v18.20.4', 'v22.1.0'), { '.nvm/alias/default': '18\n' }, 'v18.20.4'],
    [
      'follows aliases',
      inNvm('v18.20.4', 'v22.1.0'),
      { '.nvm/alias/default': 'lts/hydrogen', '.nvm/alias/lts/hydrogen': 'v18.20.4\n' },
      'v18.20.4',
    ],
    [
      'takes the newest where the default has none',
      inNvm('v18.20.4', 'v9.0.0'),
      { '.nvm/alias/default': '22' },
      'v18.20.4',
    ],
    ['takes the newest for the alias node', inNvm('v18.20.4', 'v22.1.0'), { '.nvm/alias/default': 'node' }, 'v22.1.0'],
    [
      'ends with aliases in a circle',
      inNvm('v18.20.4'),
      { '.nvm/alias/default': 'a', '.nvm/alias/a': 'default' },
      'v18.20.4',
    ],
    ['does not take 18 for 1', inNvm('v18.20.4', 'v1.2.3'), { '.nvm/alias/default': '1' }, 'v1.2.3'],
  ])('%s', async (_name, programs, files, version) => {
    expect(run(shell, await makeHome(programs, files), FIND)).toBe(`.nvm/versions/node/${version}/bin/opencode`);
  });

  it.each([
    [
      '.local/share/fnm/node-versions/v9.0.0/installation/bin/opencode',
      '.local/share/fnm/node-versions/v20.0.0/installation/bin/opencode',
    ],
    ['.asdf/installs/nodejs/9.0.0/bin/opencode', '.asdf/installs/nodejs/20.1.0/bin/opencode'],
    ['.local/share/mise/installs/node/9.0.0/bin/opencode', '.local/share/mise/installs/node/22.0.0/bin/opencode'],
    ['.nodenv/versions/9.0.0/bin/opencode', '.nodenv/versions/18.0.0/bin/opencode'],
    ['n/n/versions/node/9.0.0/bin/opencode', 'n/n/versions/node/18.0.0/bin/opencode'],
    ['.asdf/installs/nodejs/22.0.0/bin/opencode', '.asdf/shims/opencode'],
    ['.nvm/versions/node/v22.0.0/bin/opencode', '.opencode/bin/opencode'],
  ])('prefers to %s: %s', async (other, expected) => {
    expect(run(shell, await makeHome([other, expected]), FIND)).toBe(expected);
  });

  it('looks where a login has it, and finds none in an empty home', async () => {
    const home = await makeHome(['tools/opencode', '.opencode/bin/opencode']);
    const login = {
      shell: '/bin/sh',
      asked: [],
      mode: 'login',
      opencode: null,
      duration: 0,
      profiles: '',
      readAt: 0,
    } as const;
    const enter = enterLogin({ ...login, path: `${home}/tools:/usr/bin:/bin`, variables: { XDG_DATA_HOME: "/it's" } });
    expect(run(shell, home, `${enter}\n${FIND}; printf ' %s' "$XDG_DATA_HOME"`)).toBe("tools/opencode /it's");
    expect(run(shell, await makeTempDir(), FIND)).toBe('');
  });

  it('finds the database that the variables name, else the one that changed last', async () => {
    const home = await makeHome([], {
      [`${data}/opencode.db`]: '',
      [`${data}/opencode-dev.db`]: '',
      [`${data}/work.db`]: '',
      'moved/opencode/opencode.db': '',
    });
    await utimes(join(home, data, 'opencode-dev.db'), 1e9, 1e9);
    expect(run(shell, home, FIND_DATABASE)).toBe(`2 ${data}/opencode.db`);
    await writeFile(join(home, data, 'opencode-dev.db-wal'), 'log');
    await utimes(join(home, data, 'opencode.db'), 2e9 - 1e9, 1.1e9);
    expect(run(shell, home, FIND_DATABASE)).toBe(`2 ${data}/opencode-dev.db`);
    expect(run(shell, home, `OPENCODE_DB=work.db\n${FIND_DATABASE}`)).toBe(`1 ${data}/work.db`);
    expect(run(shell, home, `OPENCODE_DB=gone.db\n${FIND_DATABASE}`)).toBe('');
    expect(run(shell, home, `XDG_DATA_HOME=$HOME/moved\n${FIND_DATABASE}`)).toBe('1 moved/opencode/opencode.db');
    expect(run(shell, home, `ocr_confirmed=$HOME/${data}/work.db OPENCODE_DB=x\n${FIND_DATABASE}`)).toBe(
      `1 ${data}/work.db`,
    );
  });
});

describe('a change of a profile file', () => {
  it('shows in the word that stands for all of them', async () => {
    const home = await makeHome([], { '.zshrc': 'one' });
    const word = () => run('dash', home, `${PROFILE_FUNCTIONS}\nocr_print_profiles`);
    const first = word();
    expect(word()).toBe(first);
    await writeFile(join(home, '.zshrc'), 'two');
    expect(word()).not.toBe(first);
    const second = word();
    await writeFile(join(home, '.zprofile'), '');
    expect(word()).not.toBe(second);
    expect(run('dash', await makeTempDir(), `${PROFILE_FUNCTIONS}\nocr_print_profiles`)).toBe('none\n');
  });
});

it.runIf(isInstalled('shellcheck'))('passes shellcheck', () => {
  // Assigned for the other parts of the survey, or for this one by them; `~` in a pattern is meant.
  const { stdout } = spawnSync('shellcheck', ['-s', 'sh', '-e', 'SC2034,SC2154,SC2088', '-'], {
    input: LOCATE_FUNCTIONS + PROFILE_FUNCTIONS,
    encoding: 'utf8',
  });
  expect(stdout).toBe('');
});
