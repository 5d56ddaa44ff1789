import { execFile } from 'node:child_process';
import { appendFile, chmod, copyFile, link, mkdir, realpath, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Lab } from '../ssh-lab/lab.ts';
import { isInstalled } from './programs.ts';

const run = promisify(execFile);

/** The user of the lab's hosts, and another user of the same machines. */
export const VICTIM = { name: 'ocr-victim', id: 64_201 };
export const ATTACKER = { name: 'ocr-attacker', id: 64_202 };

/** Why there are no two accounts here; `null` if there are. */
export const NO_ACCOUNTS: string | null =
  process.getuid?.() !== 0 ? 'needs root' : isInstalled('setpriv') ? null : 'needs setpriv (util-linux)';

/** The words before a command that make it run as that user, with no way back. */
export function asUser({ id }: typeof VICTIM): readonly [string, string[]] {
  return ['/usr/bin/setpriv', [`--reuid=${id}`, `--regid=${id}`, '--clear-groups']];
}

/**
 * Adds two unprivileged accounts to a host of a lab, on its machine alone: the victim has the home, with its opencode; the attacker has a folder, which
 * is returned. The host's plan must log in as the victim (`client: ['User ocr-victim']`).
 */
export async function addTwoAccounts<Alias extends string>(lab: Lab<Alias>, alias: Alias): Promise<string> {
  const { home } = lab.host(alias);
  const folder = join(lab.directory, alias);
  const den = join(folder, 'attacker');
  await mkdir(den);
  const account = ({ name, id }: typeof VICTIM, at: string) => `${name}:x:${id}:${id}::${at}:/bin/bash\n`;
  // The lab shows these to the machine in place of the system's.
  await appendFile(join(folder, '_etc_passwd'), account(VICTIM, home) + account(ATTACKER, den));
  await appendFile(join(folder, '_etc_shadow'), `${VICTIM.name}:*:20000:0:99999:7:::\n`);
  const installed = join(home, '.opencode/bin/opencode');
  const program = join(folder, 'opencode');
  const binary = await realpath(installed);
  // The fleet keeps it in a folder that is closed to other users.
  await link(binary, program).catch(() => copyFile(binary, program));
  await rm(installed);
  await symlink(program, installed);
  for (const path of [lab.directory, folder]) await chmod(path, 0o755);
  await run('chown', ['-R', `${VICTIM.id}:${VICTIM.id}`, home]);
  await run('chown', ['-R', `${ATTACKER.id}:${ATTACKER.id}`, den]);
  return den;
}
