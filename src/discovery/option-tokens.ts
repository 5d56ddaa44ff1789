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
