import { execFile } from 'node:child_process';
import { chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Machine } from '../fleet/machine.ts';
import type { LabHostPlan } from './plan.ts';

const run = promisify(execFile);

/** The account of a host, on that host alone. */
export type AccountPlan = {
  readonly user: string;
  readonly home: string;
  /** Absolute path; the account's own when undefined. */
  readonly shell: string | undefined;
  /** A crypt(3) hash; empty for an account that needs no password. */
  readonly passwordHash: string;
  /** The text of `/etc/pam.d/sshd`, where PAM is used. */
  readonly pam: string | undefined;
};

/**
 * Shows the machine an /etc/passwd, /etc/shadow and /etc/pam.d/sshd of its own. The system's are never written.
 * @param folder where the files are made
 */
export async function giveAccount(machine: Machine, folder: string, plan: AccountPlan): Promise<void> {
  const [passwd, shadow] = await Promise.all([readFile('/etc/passwd', 'utf8'), readFile('/etc/shadow', 'utf8')]);
  const { user, home, shell, passwordHash, pam } = plan;
  const files = [
    { path: '/etc/passwd', mode: 0o644, text: changeFields(passwd, user, [[5, home], ...field(6, shell)]) },
    { path: '/etc/shadow', mode: 0o640, text: changeFields(shadow, user, [[1, passwordHash]]) },
    ...(pam === undefined ? [] : [{ path: '/etc/pam.d/sshd', mode: 0o644, text: pam }]),
  ];
  for (const { path, mode, text } of files) {
    const own = join(folder, path.replaceAll('/', '_'));
    await writeFile(own, text);
    await chmod(own, mode);
    await machine.mount(own, path);
  }
}

/** PAM's steps of a login by keyboard-interactive: password, verification code, or both in two rounds. */
export function formatPam(access: LabHostPlan['access'], codeFile: string): string | undefined {
  // pam_unix waits two seconds after a wrong password otherwise.
  const password = 'auth required pam_unix.so nodelay';
  const code = `auth required pam_google_authenticator.so secret=${codeFile} no_increment_hotp`;
  const stacks: Partial<Record<NonNullable<typeof access>, readonly string[]>> = {
    'keyboard-interactive': [password],
    'two-prompts': [password, code],
    'key-and-code': [code],
  };
  const auth = access && stacks[access];
  return auth && [...auth, 'account required pam_permit.so', 'session required pam_permit.so', ''].join('\n');
}

/** A salted crypt(3) hash; few rounds, because a test does not wait for a password to be hard to guess. */
export async function hashPassword(password: string, salt: string): Promise<string> {
  const program = 'print crypt($ARGV[0], $ARGV[1])';
  return (await run('perl', ['-e', program, password, `$6$rounds=1000$${salt}$`])).stdout;
}

function field(index: number, value: string | undefined): [number, string][] {
  return value === undefined ? [] : [[index, value]];
}

/** Changes fields of one account in a file of `name:field:...` lines. */
function changeFields(text: string, user: string, changes: readonly (readonly [number, string])[]): string {
  const changed = (line: string): string => {
    const fields = line.split(':');
    for (const [index, value] of changes) fields[index] = value;
    return fields.join(':');
  };
  return text.replace(new RegExp(`^${user}:.*$`, 'm'), changed);
}
