import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';
import { hasCodeModule } from '../test/ssh-lab/capabilities.ts';

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
  lsof: 'lsof',
  // What the documents read JSON with.
  jq: 'jq',
  // Login shells of real users.
  dash: 'dash',
  fish: 'fish',
  ksh: 'ksh',
  mksh: 'mksh',
  tcsh: 'tcsh',
  yash: 'yash',
  zsh: 'zsh',
  // Other userlands than GNU's, and the checker of the scripts that hosts are sent.
  busybox: 'busybox',
  toybox: 'toybox',
  shellcheck: 'shellcheck',
};
/** Only root can give an sshd a PAM stack of its own. */
const CODE_MODULE = 'libpam-google-authenticator';
const FOLDERS = [...(process.env.PATH ?? '').split(':'), '/usr/bin', '/bin', '/usr/sbin', '/sbin'].filter(
  (folder) => folder !== '' && !folder.includes('/shims'),
);

const isRoot = process.getuid?.() === 0;

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

function findMissing(packages: Readonly<Record<string, string>>): string[] {
  const missing = Object.entries(packages).filter(([program]) => !isInstalled(program));
  return [...new Set(missing.map(([, name]) => name))];
}

function missingPackages(): string[] {
  return [...findMissing(PACKAGES), ...(isRoot && !hasCodeModule() ? [CODE_MODULE] : [])];
}

const missing = missingPackages();
if (missing.length > 0 && isRoot && isInstalled('apt-get')) {
  console.log(`Installing what the tests need: ${missing.join(' ')}`);
  const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const install = ['install', '-y', '--no-install-recommends'];
  for (const words of [['update'], [...install, ...missing]]) {
    spawnSync('apt-get', ['-q', ...words], { stdio: ['ignore', 'ignore', 'inherit'], env: environment });
  }
}
const still = missingPackages();
if (still.length > 0) {
  console.error(`The tests need more programs. On Debian: sudo apt-get install ${still.join(' ')}`);
  process.exit(1);
}
