import type { SshOptions } from '../../domain/host.ts';
import { Ssh2Cannot } from '../ssh2-cannot.ts';
import { TransportError } from '../transport.ts';
import { type Authentication, accountOf } from './authentication.ts';

/**
 * The error for a host that let none of the credentials in. An Ssh2Cannot when the system's ssh has more to offer. `withheld` says why no password was
 * sent, where one could have been.
 */
export function authenticationFailure(
  options: SshOptions,
  authentication: Authentication,
  withheld: string | null,
): TransportError | Ssh2Cannot {
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
  return reason === null ? failure : new Ssh2Cannot(reason, failure);
}
