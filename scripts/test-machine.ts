import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';

/**
 * Makes sure that the machine has what the tests drive besides Node: a real sshd, a real terminal, a real database. As root on Debian it installs what is
 * missing; elsewhere it names all of it in one message.
 */
const PACKAGES: Readonly<Record<string, string>> = {
  sshd: 'openssh-server',
  ssh: 'openssh-client',
  'ssh-keygen': 'openssh-client',
  tmux: 'tmux',
  sqlite3: 'sqlite3',
  python3: 'python3',
  git: 'git',
  ps: 'procps',
};
const FOLDERS = [...(process.env.PATH ?? '').split(':'), '/usr/bin', '/bin', '/usr/sbin', '/sbin'].filter(
  (folder) => folder !== '' && !folder.includes('/shims'),
);

function isInstalled(program: string): boolean {
  return FOLDERS.some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

function missingPackages(): string[] {
  return [
    ...new Set(
      Object.keys(PACKAGES)
        .filter((program) => !isInstalled(program))
        .map((program) => PACKAGES[program] ?? program),
    ),
  ];
}

const missing = missingPackages();
if (missing.length > 0 && process.getuid?.() === 0 && isInstalled('apt-get')) {
  console.log(`Installing what the tests need: ${missing.join(' ')}`);
  const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  for (const words of [['update'], ['install', '-y', '--no-install-recommends', ...missing]]) {
    spawnSync('apt-get', ['-q', ...words], { stdio: ['ignore', 'ignore', 'inherit'], env: environment });
  }
}
const still = missingPackages();
if (still.length > 0) {
  console.error(`The tests need more programs. On Debian: sudo apt-get install ${still.join(' ')}`);
  process.exit(1);
}
