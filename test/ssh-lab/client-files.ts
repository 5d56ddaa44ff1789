import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type ClientHost, formatClientConfig, formatKnownHosts } from './client-config.ts';

export type ClientFiles = { readonly sshConfig: string; readonly knownHosts: string };

type ClientPlan = {
  readonly port: number;
  readonly user: string;
  readonly clients: readonly ClientHost[];
  /** Public key of who signs host certificates. */
  readonly authority: string;
};

/** Writes what the user's ~/.ssh would hold. */
export async function writeClientFiles(
  directory: string,
  { port, user, clients, authority }: ClientPlan,
): Promise<ClientFiles> {
  const files = { sshConfig: join(directory, 'ssh_config'), knownHosts: join(directory, 'known_hosts') };
  const lines = clients.flatMap((client) => formatKnownHosts(client, authority));
  await writeFile(files.knownHosts, lines.map((line) => `${line}\n`).join(''));
  await writeFile(files.sshConfig, formatClientConfig(clients, { port, user, knownHosts: files.knownHosts }));
  return files;
}

/** Leaves out what would lead back to the user's own agent, configuration and opencode. */
export function formatClientEnvironment(home: string): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !/^(SSH_|XDG_|OPENCODE_|OCR_)/.test(name));
  return { ...Object.fromEntries(own), HOME: home };
}
