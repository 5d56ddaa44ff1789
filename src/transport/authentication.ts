import { readFile } from 'node:fs/promises';
import ssh2, { type AnyAuthMethod, type AuthHandlerMiddleware } from 'ssh2';
import type { SshOptions } from '../domain/host.ts';
import { codeOf, messageOf } from '../lib/errors.ts';
import { TransportError } from './transport.ts';

/** What there is to authenticate with, and why some identity files are not. */
export interface Credentials {
  readonly agent: string | null;
  readonly keys: readonly { readonly path: string; readonly content: Buffer }[];
  readonly notes: readonly string[];
}

/** Reads the identity files that need no passphrase and finds the agent's socket. Missing files are passed over, as ssh does. */
export async function loadCredentials(options: SshOptions, environment: NodeJS.ProcessEnv): Promise<Credentials> {
  const notes: string[] = [];
  const keys: { path: string; content: Buffer }[] = [];
  for (const path of options.identityFiles) {
    try {
      const content = await readFile(path);
      const parsed = ssh2.utils.parseKey(content);
      if (!(parsed instanceof Error)) keys.push({ path, content });
      else if (/encrypted|passphrase/i.test(parsed.message)) notes.push(`${path} is encrypted`);
      else notes.push(`${path} cannot be used: ${messageOf(parsed)}`);
    } catch (error) {
      if (codeOf(error) !== 'ENOENT') notes.push(`${path} cannot be read: ${codeOf(error) ?? messageOf(error)}`);
    }
  }
  const socket = options.identityAgent === undefined ? environment.SSH_AUTH_SOCK : options.identityAgent;
  const agent = socket === undefined || socket === null || socket === '' ? null : socket;
  if (agent !== null && options.identitiesOnly) notes.push('the agent is not asked: IdentitiesOnly is set');
  return { agent: options.identitiesOnly ? null : agent, keys, notes };
}

/**
 * Tries the agent, then each key. With nothing to try it asks with `none`, which is how a server is made to name what it accepts.
 * Afterwards `accepted()` are the methods that the server named.
 */
export function createAuthHandler(
  user: string,
  credentials: Credentials,
): { handler: AuthHandlerMiddleware; accepted: () => readonly string[] } {
  const attempts: AnyAuthMethod[] = [];
  if (credentials.agent !== null) attempts.push({ type: 'agent', username: user, agent: credentials.agent });
  for (const key of credentials.keys) attempts.push({ type: 'publickey', username: user, key: key.content });
  if (attempts.length === 0) attempts.push({ type: 'none', username: user });
  let accepted: readonly string[] = [];
  const handler: AuthHandlerMiddleware = (methodsLeft, _partialSuccess, next) => {
    if (methodsLeft) accepted = methodsLeft;
    const attempt = attempts.shift();
    const hopeless = methodsLeft !== null && methodsLeft !== undefined && !methodsLeft.includes('publickey' as never);
    next(attempt === undefined || hopeless ? (false as never) : attempt);
  };
  return { handler, accepted: () => accepted };
}

/** The error for a host that let none of the credentials in. */
export function authenticationFailure(
  options: SshOptions,
  credentials: Credentials,
  accepted: readonly string[],
): TransportError {
  const tried = [...(credentials.agent === null ? [] : ['ssh-agent']), ...credentials.keys.map((key) => key.path)];
  const methods = accepted.length === 0 ? 'takes none of the keys offered' : `accepts ${accepted.join(', ')}`;
  const hint = [
    tried.length === 0 ? 'There was no key to offer.' : `Offered: ${tried.join(', ')}.`,
    ...credentials.notes.map((note) => `${note}.`),
    `Load a key that ${options.user}@${options.hostname} accepts into ssh-agent (ssh-add), or set IdentityFile.`,
  ];
  return new TransportError('auth', `the server ${methods}`, { hint: hint.join('\n') });
}
