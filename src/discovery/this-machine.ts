import { readFileSync } from 'node:fs';
import { hostname, userInfo } from 'node:os';

/** The local facts that paths of an ssh config may depend on, besides the host. */
export interface LocalMachine {
  readonly hostname: string;
  readonly username: string;
  readonly uid: number;
  /** From the passwd entry: ssh takes it from there, not from `$HOME`. */
  readonly home: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Returns the home folder of another user; `null` if there is no such user. */
  homeOf(user: string): string | null;
}

export function thisMachine(): LocalMachine {
  const { username, uid, homedir } = userInfo();
  return {
    hostname: hostname(),
    username,
    uid,
    home: homedir,
    environment: process.env,
    homeOf: (user) => (user === username ? homedir : homeFromPasswd(user)),
  };
}

/** Reads the sixth field of passwd(5). Users of a directory service are not in that file, and so not found. */
function homeFromPasswd(user: string): string | null {
  try {
    const fields = readFileSync('/etc/passwd', 'utf8')
      .split('\n')
      .map((line) => line.split(':'));
    return fields.find(([name]) => name === user)?.[5] ?? null;
  } catch {
    return null;
  }
}

/** `~` and `~user` at the start of a path; `null` for a user who does not exist. */
export function expandTilde(path: string, machine: Pick<LocalMachine, 'home' | 'homeOf'>): string | null {
  const user = /^~([^/]*)/.exec(path)?.[1];
  if (user === undefined) return path;
  const home = user === '' ? machine.home : machine.homeOf(user);
  return home === null ? null : home.replace(/\/$/, '') + path.slice(user.length + 1);
}
