import type { Instance } from '../config/instance-schema.ts';
import { addressOfUrl } from '../domain/host.ts';
import { UserError } from '../lib/errors.ts';
import { isLoopback } from '../lib/loopback.ts';
import type { PasswordCommands } from './password-command.ts';

/** The credentials of an instance. A token counts before a password. */
export interface InstanceLogin {
  readonly username: string;
  readonly password: string | null;
  readonly token: string | null;
}

/**
 * Returns the credentials to send to an instance. Rejects with a UserError if they must not travel to its URL, before any command runs, and if its password
 * command fails.
 *
 * @param url the URL that they are sent to
 */
export async function loginOfInstance(
  name: string,
  url: string,
  instance: Instance | undefined,
  { commands, defaultUser }: { readonly commands: Pick<PasswordCommands, 'passwordOf'>; readonly defaultUser: string },
  signal: AbortSignal,
): Promise<InstanceLogin> {
  const { username = defaultUser, password = null, password_command: command, token = null, insecure } = instance ?? {};
  const isSecret = password !== null || token !== null || command !== undefined;
  if (isSecret && insecure !== true && isOpenToOthers(url)) {
    const what = token === null ? 'password' : 'token';
    throw new UserError(`its ${what} is not sent, since anyone on the way could read it over plain http`, {
      hint: `Give it an https URL, or set insecure: true for the instance ${name}.`,
    });
  }
  if (token !== null || password !== null || command === undefined) return { username, password, token };
  const printed = await commands.passwordOf(`instances.${name}.password_command`, command, signal);
  return { username, password: printed, token };
}

/** True if others on the network can read the requests to a URL. */
function isOpenToOthers(url: string): boolean {
  return url.startsWith('http:') && !isLoopback(addressOfUrl(url).hostname);
}
