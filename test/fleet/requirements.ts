import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';
import { FleetError } from './errors.ts';

/** sshd lives in sbin, which is rarely in the PATH of a user without root. */
const searchPath = [...(process.env.PATH ?? '').split(':'), '/usr/local/bin', '/usr/bin', '/bin', '/usr/sbin', '/sbin'];

const packages = {
  sshd: 'openssh-server',
  ssh: 'openssh-client',
  'ssh-keygen': 'openssh-client',
  git: 'git',
  bash: 'bash',
  ps: 'procps',
  sqlite3: 'sqlite3',
  python3: 'python3',
} as const;

export type RequiredProgram = keyof typeof packages;

/** Absolute paths of what the fleet needs from the system, and the major.minor version of its OpenSSH. */
export type Requirements = { readonly programs: Record<RequiredProgram, string>; readonly opensshVersion: number };

/** The absolute path of an executable, or undefined. Version manager shims are passed over: they break outside their own HOME. */
export function findProgram(name: string): string | undefined {
  return searchPath
    .filter((folder) => folder !== '' && !folder.includes('/shims'))
    .map((folder) => join(folder, name))
    .find(isExecutable);
}

/**
 * Finds the system's programs.
 * @throws FleetError naming every missing Debian package at once
 */
export function checkRequirements(): Requirements {
  if (process.platform !== 'linux')
    throw new FleetError('The fleet runs on Linux only: it needs 127.0.0.0/8 and /proc.');
  const found = Object.keys(packages).map((name) => [name, findProgram(name)] as const);
  const missing = found.filter(([, path]) => path === undefined).map(([name]) => packages[name as RequiredProgram]);
  if (missing.length > 0) {
    throw new FleetError(`The fleet needs more programs: apt-get install ${[...new Set(missing)].join(' ')}`);
  }
  const programs = Object.fromEntries(found) as Record<RequiredProgram, string>;
  const { stderr } = spawnSync(programs.ssh, ['-V'], { encoding: 'utf8' });
  return { programs, opensshVersion: parseOpensshVersion(stderr) };
}

/** `OpenSSH_9.2p1 Debian-2, ...` gives 9.02, so that versions compare as numbers; 0 when it is not OpenSSH's text. */
export function parseOpensshVersion(text: string): number {
  const [, major, minor] = /OpenSSH_(\d+)\.(\d+)/.exec(text) ?? [];
  return major === undefined || minor === undefined ? 0 : Number(major) + Number(minor) / 100;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
