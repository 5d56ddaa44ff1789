import { createHash } from 'node:crypto';
import { expandTilde, type LocalMachine } from './this-machine.ts';

/** Values of the tokens of ssh_config(5), TOKENS. */
export type TokenValues = Readonly<Record<string, string>>;

export interface TokenFacts {
  /** The name as typed by the user. */
  readonly alias: string;
  readonly hostname: string;
  readonly port: number;
  readonly user: string;
  readonly hostKeyAlias: string | null;
  /** The host of the last hop; `null` without one, or where ssh is too old to count it in. */
  readonly jumpHost: string | null;
}

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

/** Tokens that ProxyJump knows as well. */
export function destinationTokens(host: Pick<TokenFacts, 'alias' | 'hostname' | 'port' | 'user'>): TokenValues {
  return { '%': '%', h: host.hostname, n: host.alias, p: String(host.port), r: host.user };
}

/**
 * Replaces `%x` once. Keeps tokens without a value: ssh gives up there, and a path that does not exist does no harm.
 */
export function expandTokens(text: string, tokens: TokenValues): string {
  return text.replace(/%(.)/g, (whole, token: string) => tokens[token] ?? whole);
}

/** Expands `~`, the tokens and `${VARIABLE}` of a path, in OpenSSH's order. Expanded values are not expanded again. */
export function expandPath(text: string, tokens: TokenValues, machine: LocalMachine): string {
  const path = expandTilde(text, machine) ?? text;
  return path.replace(/%(.)|\$\{([^}]*)\}/g, (whole, token: string | undefined, name: string | undefined) => {
    return (token === undefined ? machine.environment[name ?? ''] : tokens[token]) ?? whole;
  });
}
