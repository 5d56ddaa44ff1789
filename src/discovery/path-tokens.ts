import { createHash } from 'node:crypto';
import { destinationTokens, type TokenFacts, type TokenValues } from './option-tokens.ts';
import type { LocalMachine } from './this-machine.ts';

/** Tokens of paths. */
export function pathTokens(host: TokenFacts, machine: LocalMachine): TokenValues {
  const { alias, hostname, port, user, hostKeyAlias, jumpHost } = host;
  const parts = [machine.hostname, hostname, String(port), user, jumpHost ?? ''];
  return {
    ...destinationTokens(host),
    C: createHash('sha1').update(parts.join('')).digest('hex'),
    d: machine.home,
    i: String(machine.uid),
    j: jumpHost ?? '',
    k: hostKeyAlias ?? alias,
    L: machine.hostname.split('.')[0] ?? '',
    l: machine.hostname,
    u: machine.username,
  };
}
