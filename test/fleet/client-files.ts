import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import type { FleetHost } from './host.ts';
import { hostPlans } from './hosts.ts';
import { formatHashedKnownHost, formatKnownHost } from './known-hosts.ts';
import { formatSshConfig, formatSshConfigHost } from './ssh-config.ts';

export type ClientFiles = { readonly sshConfig: string; readonly knownHosts: string };

/** Another key than any host has: what known_hosts says of the host whose key changed. */
const OTHER_KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ9n6nC9rC0cTq1oUe1cR0lG4Yk0bq8G8m1nX3o2v5QK';

/** Writes what the user's ~/.ssh would hold: known_hosts, plain and hashed, and a config with an Include. */
export async function writeClientFiles(
  directory: string,
  identityFile: string,
  hosts: readonly FleetHost[],
): Promise<ClientFiles> {
  const files = { sshConfig: join(directory, 'ssh_config'), knownHosts: join(directory, 'known_hosts') };
  await writeFile(files.knownHosts, hosts.flatMap(knownHostLines).join(''));
  const half = Math.ceil(hosts.length / 2);
  const include = join(directory, 'ssh_config.included');
  await writeFile(include, hosts.slice(half).map(formatSshConfigHost).join('\n'));
  const port = hosts[0]?.port ?? 22;
  const plan = { port, user: userInfo().username, identityFile, knownHosts: files.knownHosts, include };
  await writeFile(files.sshConfig, formatSshConfig({ ...plan, hosts: hosts.slice(0, half) }));
  return files;
}

function knownHostLines({ alias, address, port, publicKey }: FleetHost, index: number): string[] {
  const { trust } = hostPlans[alias];
  if (trust === 'unknown' || (publicKey === '' && trust === 'known')) return [];
  const known = { address, port, publicKey: trust === 'changed' ? OTHER_KEY : publicKey };
  return [`${index % 2 === 0 ? formatKnownHost(known) : formatHashedKnownHost(known, randomBytes(20))}\n`];
}
