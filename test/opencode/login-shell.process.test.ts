import { spawnSync } from 'node:child_process';
import { mkdir, readFile, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { LoginMode } from '../../src/domain/login.ts';
import { portableScript, quoteArgument } from '../../src/lib/shell-quote.ts';
import { THROUGH_LOGIN_FUNCTIONS, throughLoginShell } from '../../src/opencode/login-shell.ts';
import { isInstalled } from '../support/programs.ts';
import { makeTempDir } from '../support/temp-dir.ts';

/** Files that set variables; the second one stands below a guard that only interactive shells pass. */
interface Profile {
  readonly login: string;
  readonly guarded: string;
  readonly files: Readonly<Record<string, string>>;
}

const posixGuard = 'case $- in *i*) ;; *) return ;; esac';
const set = (name: string) => `${name}=yes; export ${name}`;
const keepHistory = 'HISTFILE=$HOME/history; HISTSIZE=100; SAVEHIST=100; export HISTFILE';

/** `.profile` and the file that it names as `$ENV`, as ksh and ash read them. */
const withEnvFile: Profile = {
  login: '.profile',
  guarded: '.kshrc',
  files: {
    '.profile': `echo noise\nENV=$HOME/.kshrc; export ENV\n${keepHistory}\n${set('BY_LOGIN')}\n`,
    '.kshrc': `${posixGuard}\n[ -n "$PS1" ] || return\n${keepHistory}\n${set('BY_GUARDED')}\n`,
  },
};

const PROFILES: Readonly<Record<string, Profile>> = {
  bash: {
    login: '.bash_profile',
    guarded: '.bashrc',
    files: {
      '.bash_profile': `echo noise\n${set('BY_LOGIN')}\n. ~/.bashrc\n`,
      '.bashrc': `${posixGuard}\n${keepHistory}\n${set('BY_GUARDED')}\n`,
    },
  },
  zsh: {
    login: '.zprofile',
    guarded: '.zshrc',
    files: {
      '.zprofile': `echo noise\n${set('BY_LOGIN')}\n`,
      '.zshrc': `setopt inc_append_history\n${keepHistory}\n${set('BY_GUARDED')}\n`,
    },
  },
  fish: {
    login: 'config.fish',
    guarded: 'config.fish',
    files: {
      '.config/fish/config.fish':
        'echo noise\nstatus is-login; and set -gx BY_LOGIN yes\nstatus is-interactive; and set -gx BY_GUARDED yes\n',
    },
  },
  yash: {
    login: '.yash_profile',
    guarded: '.yashrc',
    files: { '.yash_profile': `echo noise\n${set('BY_LOGIN')}\n`, '.yashrc': `${keepHistory}\n${set('BY_GUARDED')}\n` },
  },
  ...Object.fromEntries(['sh', 'dash', 'ksh', 'mksh', 'lksh', 'ash'].map((name) => [name, withEnvFile])),
  ...Object.fromEntries(
    ['tcsh', 'csh'].map((name) => [
      name,
      {
        login: '.login',
        guarded: '.cshrc',
        files: {
          '.login': 'echo noise\nsetenv BY_LOGIN yes\n',
          '.cshrc':
            'if (! $?prompt) exit\nset history=100\nset savehist=(100 merge)\nset histfile=~/history\nsetenv BY_GUARDED yes\n',
        },
      },
    ]),
  ),
};

/** A home with these files, and a history that must stay as it is. */
async function makeHome(files: Readonly<Record<string, string>>): Promise<string> {
  const home = await makeTempDir();
  const all = { ...files, history: 'one\ntwo\n', '.history': 'one\n' };
  for (const [name, text] of Object.entries(all)) {
    await mkdir(dirname(join(home, name)), { recursive: true });
    await writeFile(join(home, name), text);
    await utimes(join(home, name), 1_600_000_000, 1_600_000_000);
  }
  return home;
}

/** The path of a shell; busybox's is called as `ash`. */
async function pathOf(name: string): Promise<string | null> {
  if (name !== 'ash') return isInstalled(name) ? `/bin/${name}` : null;
  if (!isInstalled('busybox')) return null;
  const path = join(await makeTempDir(), 'ash');
  await symlink('/bin/busybox', path);
  return path;
}

function run(home: string, shell: string, line: string, runBy = '/bin/sh') {
  const env = { PATH: process.env.PATH, HOME: home, SHELL: shell };
  return spawnSync(runBy, ['-c', line], { env, cwd: '/', encoding: 'utf8', input: '', timeout: 20_000 });
}

const TELL = `printf '<%s %s>' "$BY_LOGIN" "$BY_GUARDED"; exit 7`;

describe.each(Object.entries(PROFILES))('a login shell %s', (name, { files }) => {
  it.each<[LoginMode, RegExp]>([
    ['login', /<yes >/],
    ['interactive', /<yes yes>/],
  ])('runs a script in the environment of mode %s, and leaves the history alone', async (mode, expected) => {
    const shell = await pathOf(name);
    if (shell === null) return;
    const home = await makeHome(files);
    const { stdout, status } = run(home, shell, throughLoginShell(TELL, mode));
    expect(stdout).toMatch(expected);
    expect(status).toBe(7);
    for (const [file, text] of [
      ['history', 'one\ntwo\n'],
      ['.history', 'one\n'],
    ] as const) {
      expect(await readFile(join(home, file), 'utf8')).toBe(text);
      expect((await stat(join(home, file))).mtimeMs).toBe(1_600_000_000_000);
    }
  });
});

describe('going through the login shell', () => {
  it.runIf(isInstalled('zsh'))('follows a profile that hands over to another shell', async () => {
    const home = await makeHome({ '.bash_profile': 'exec zsh -l\n', '.zprofile': set('BY_LOGIN') });
    const { stdout, status } = run(home, '/bin/bash', throughLoginShell(TELL));
    expect({ stdout, status }).toEqual({ stdout: '<yes >', status: 7 });
  });

  it.each(['/bin/false', '/usr/sbin/nologin', '', '/opt/unknown'])(
    'goes without one that is not known: %j',
    async (shell) => {
      const { stdout, status } = run(await makeTempDir(), shell, throughLoginShell(TELL));
      expect({ stdout, status }).toEqual({ stdout: '< >', status: 7 });
    },
  );

  it.each(['fish', 'tcsh', 'zsh', 'ksh', 'dash', 'bash'].filter(isInstalled))(
    'is a command line that %s can be given',
    async (runBy) => {
      const home = await makeHome(PROFILES.bash?.files ?? {});
      expect(run(home, '/bin/bash', throughLoginShell(TELL), `/bin/${runBy}`).stdout).toContain('<yes >');
    },
  );

  it.each(
    ['dash', 'bash --posix', 'busybox sh', 'ksh', 'mksh', 'zsh --emulate sh'].filter((line) =>
      isInstalled(line.split(' ')[0] ?? ''),
    ),
  )('runs under %s', async (line) => {
    const home = await makeHome(PROFILES.bash?.files ?? {});
    const command = quoteArgument(portableScript(TELL));
    const script = `${THROUGH_LOGIN_FUNCTIONS}\nocr_through_login ocr_exec login ${command}`;
    const env = { PATH: process.env.PATH, HOME: home, SHELL: '/bin/bash' };
    const [program = '', ...parameters] = line.split(' ');
    const { stdout, status } = spawnSync(program, [...parameters, '-c', script], { env, encoding: 'utf8' });
    expect(stdout).toContain('<yes >');
    expect(status).toBe(7);
  });

  it.runIf(isInstalled('shellcheck'))('has functions that shellcheck passes', () => {
    const { stdout, status } = spawnSync('shellcheck', ['-s', 'sh', '-e', 'SC2016', '-'], {
      input: THROUGH_LOGIN_FUNCTIONS,
      encoding: 'utf8',
    });
    expect(stdout).toBe('');
    expect(status).toBe(0);
  });
});
