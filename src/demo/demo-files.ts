import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { DemoHost } from './demo-host.ts';

export interface DemoKeys {
  /** Private key of the user, in OpenSSH's format. */
  readonly user: string;
  /** Public key of every host: `ssh-ed25519 AAAA...`. */
  readonly host: string;
}

/** Writes the ssh config, the key and the known hosts of the demo. Returns the path of the config. */
export async function writeSshFiles(folder: string, hosts: readonly DemoHost[], keys: DemoKeys): Promise<string> {
  const [config, key, known] = ['ssh_config', 'id_ed25519', 'known_hosts'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  const [type, blob] = keys.host.split(' ');
  const blocks = hosts.map(({ seed: { alias, user }, port }) =>
    [`Host ${alias}`, '  HostName 127.0.0.1', `  Port ${port}`, `  User ${user}`, ''].join('\n'),
  );
  const common = [
    'Host *',
    `  IdentityFile ${key}`,
    `  UserKnownHostsFile ${known}`,
    '  GlobalKnownHostsFile /dev/null',
    '  StrictHostKeyChecking yes',
    '  IdentitiesOnly yes',
    '  IdentityAgent none',
    '  PreferredAuthentications publickey,keyboard-interactive',
    '  UpdateHostKeys no',
    '  ControlPath none',
    '',
  ].join('\n');
  await Promise.all([
    writeFile(config, [...blocks, common].join('\n'), { mode: 0o600 }),
    writeFile(key, keys.user, { mode: 0o600 }),
    writeFile(known, hosts.map(({ port }) => `[127.0.0.1]:${port} ${type} ${blob}\n`).join(''), { mode: 0o600 }),
  ]);
  return config;
}

/** Milliseconds before the start at which the user has looked at everything for the first time. */
const FIRST_LOOK_MS = 30 * 86_400_000;

/**
 * Writes the file of what the user has seen (see `refresh/seen-file.ts`): all but the sessions that are news when the demo starts.
 * @param now epoch milliseconds
 */
export async function writeSeen(
  path: string,
  hosts: readonly DemoHost[],
  news: ReadonlySet<string>,
  now: number,
): Promise<void> {
  const sessions = hosts.flatMap(({ seed, opencode }) =>
    [...opencode.kept.keys()].filter((id) => !news.has(id)).map((id) => [`session ${seed.alias}\0${id}`, now] as const),
  );
  const baselines = hosts.map(({ seed }) => [seed.alias, now - FIRST_LOOK_MS] as const);
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const content = { version: 1, baselines: Object.fromEntries(baselines), sessions: Object.fromEntries(sessions) };
  await writeFile(path, JSON.stringify(content), { mode: 0o600 });
}
