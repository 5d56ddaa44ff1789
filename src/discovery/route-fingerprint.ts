import { stat } from 'node:fs/promises';
import { delimiter, isAbsolute, join } from 'node:path';
import type { SeenFile, SshConfigWalk } from './ssh-config-walk.ts';
import type { LocalMachine } from './this-machine.ts';

/**
 * Returns a fingerprint of everything that `ssh -G` depends on, other than the network: the files, the program (its
 * defaults change with its version), the environment variables that the files mention, the user and the machine (home
 * folders can be shared). Variables are hashed, since they can be secret.
 */
export async function fingerprintRoutes(
  configFile: string | null,
  walks: readonly SshConfigWalk[],
  machine: LocalMachine,
): Promise<string> {
  const { environment, hostname, username, home } = machine;
  const facts = {
    configFile,
    files: walks.flatMap(({ files }) => files),
    variables: await hash(walks.flatMap(({ variables }) => variables.map((name) => [name, environment[name] ?? null]))),
    program: await findProgram('ssh', environment.PATH ?? ''),
    // Include expands `~` from $HOME; elsewhere ssh uses the passwd entry.
    machine: [hostname, username, home, environment.HOME ?? null],
  };
  return JSON.stringify(facts);
}

/** Most configurations mention no variable, and are spared the loading of cryptography. */
async function hash(values: readonly unknown[]): Promise<string> {
  if (values.length === 0) return '';
  const { createHash } = await import('node:crypto');
  return createHash('sha256').update(JSON.stringify(values)).digest('hex');
}

async function findProgram(name: string, searched: string): Promise<SeenFile | null> {
  for (const folder of searched.split(delimiter).filter(isAbsolute)) {
    const path = join(folder, name);
    const found = await stat(path).catch(() => null);
    if (found?.isFile()) return { path, mtime: found.mtimeMs, size: found.size };
  }
  return null;
}
