/** Name of the host that is this machine itself, reached without SSH. */
export const LOCAL_ALIAS = 'local';

/** What `ssh -G ALIAS` says of a host, as far as this program uses it. */
export interface SshOptions {
  readonly hostname: string;
  readonly port: number;
  readonly user: string;
  /** Absolute paths, in the order in which ssh tries them. */
  readonly identityFiles: readonly string[];
  readonly identitiesOnly: boolean;
  /** Path of the agent's socket; `null` when the configuration says `none`, `undefined` for `$SSH_AUTH_SOCK`. */
  readonly identityAgent: string | null | undefined;
  readonly userKnownHostsFiles: readonly string[];
  readonly globalKnownHostsFiles: readonly string[];
  readonly hostKeyAlias: string | null;
  readonly proxyJump: string | null;
  readonly proxyCommand: string | null;
  /** Milliseconds; `null` when not set. */
  readonly connectTimeout: number | null;
  /** Milliseconds between keepalives; 0 when ssh would send none. */
  readonly serverAliveInterval: number;
  readonly serverAliveCountMax: number;
}

/** How a host is reached. `unresolved` is an alias whose options could not be read yet, or at all (`reason`). */
export type Route =
  | { readonly kind: 'local' }
  | { readonly kind: 'ssh'; readonly options: SshOptions }
  | { readonly kind: 'unresolved'; readonly reason: string | null };

/** A machine, known by its ssh alias. */
export interface Host {
  readonly alias: string;
  /** What is shown for it; the alias unless the configuration names another. */
  readonly label: string;
  readonly group: string | null;
  /** Lower is higher in the list. */
  readonly priority: number;
  readonly route: Route;
  /** Path of opencode on that host, from the configuration. */
  readonly opencodePath: string | null;
}

/** Priority of a host for which the configuration names none: after all those that have one. */
export const DEFAULT_PRIORITY = 1000;

/** `user@hostname:port` of a host, or what stands in for it. */
export function describeAddress(host: Host): string {
  if (host.route.kind === 'local') return 'this machine';
  if (host.route.kind === 'unresolved') return 'not resolved';
  const { user, hostname, port } = host.route.options;
  const name = hostname.includes(':') ? `[${hostname}]` : hostname;
  return `${user}@${name}:${port}`;
}
