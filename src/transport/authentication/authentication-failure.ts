import type { SshOptions } from '../../domain/host.ts';
import { Ssh2Unsupported } from '../ssh2-unsupported.ts';
import { TransportError } from '../transport.ts';
import { type Authentication, accountOf } from './authentication.ts';

/**
 * Returns the error for a host that accepted none of the credentials. Returns an Ssh2Unsupported if the system's ssh has
 * more to offer. `withheld` tells why a password was not sent where one could have been.
 */
export function authenticationFailure(
  options: SshOptions,
  authentication: Authentication,
  withheld: string | null,
): TransportError | Ssh2Unsupported {
  const { accepted, tried, notes } = authentication;
  const methods = accepted.length === 0 ? 'takes none of the keys offered' : `accepts ${accepted.join(', ')}`;
  const hint = [
    tried.length === 0 ? 'There was no key to offer.' : `Offered: ${tried.join(', ')}.`,
    ...notes.map((note) => `${note}.`),
    ...(withheld === null ? [] : [`No password was sent: ${withheld}.`]),
    `Load a key that ${accountOf(options)} accepts into ssh-agent (ssh-add), or set IdentityFile.`,
  ];
  const failure = new TransportError('auth', `the server ${methods}`, { hint: hint.join('\n') });
  const reason = authentication.whyOpenssh();
  return reason === null ? failure : new Ssh2Unsupported(reason, failure);
}
