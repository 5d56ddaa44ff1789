/** Name of the host that is this machine itself, reached without SSH. */
export const LOCAL_ALIAS = 'local';

/** A way to prove who one is, named as in ssh_config(5), PreferredAuthentications. */
export const AUTHENTICATION_METHODS = [
  'gssapi-with-mic',
  'hostbased',
  'publickey',
  'keyboard-interactive',
  'password',
] as const;
export type AuthenticationMethod = (typeof AUTHENTICATION_METHODS)[number];

/** Values of ssh_config(5), StrictHostKeyChecking: `ask` is the default, `no` is also written `off`. */
export type HostKeyPolicy = 'yes' | 'ask' | 'accept-new' | 'no';

/**
 * The part of `ssh -G ALIAS` that this program uses. Tokens in paths are expanded; a relative path is relative to the
 * working directory.
 */
export interface SshOptions {
  readonly hostname: string;
  readonly port: number;
  readonly user: string;

  readonly addressFamily: 'any' | 'inet' | 'inet6';
  readonly bindAddress: string | null;
  /** Milliseconds; `null` when not set. */
  readonly connectTimeout: number | null;
  readonly connectionAttempts: number;
  /** Milliseconds between keepalives; 0 when ssh would send none. */
  readonly serverAliveInterval: number;
  readonly serverAliveCountMax: number;
  /** Comma-separated hops, tokens expanded. */
  readonly proxyJump: string | null;
  /** With its tokens (`%h`, ...) as written. */
  readonly proxyCommand: string | null;

  readonly userKnownHostsFiles: readonly string[];
  readonly globalKnownHostsFiles: readonly string[];
  readonly hostKeyAlias: string | null;
  readonly hostKeyPolicy: HostKeyPolicy;
  readonly hashKnownHosts: boolean;

  /** In the order in which ssh tries them. */
  readonly identityFiles: readonly string[];
  readonly certificateFiles: readonly string[];
  readonly identitiesOnly: boolean;
  /** UseKeychain of Apple's ssh: the keychain may hold the passphrases of identity files. */
  readonly useKeychain: boolean;
  /** Path of the agent's socket; `null` if the configuration says `none`, `undefined` for `$SSH_AUTH_SOCK`. */
  readonly identityAgent: string | null | undefined;
  /** The enabled ones, in the order in which ssh tries them. */
  readonly authenticationMethods: readonly AuthenticationMethod[];
  readonly passwordPrompts: number;
  /** True, or the path of the agent to forward. */
  readonly forwardAgent: boolean | string;

  /** In order of preference, under OpenSSH's names. */
  readonly algorithms: {
    readonly ciphers: readonly string[];
    readonly macs: readonly string[];
    readonly kex: readonly string[];
    readonly hostKeys: readonly string[];
    /** For signatures with the user's own keys. */
    readonly publicKeys: readonly string[];
  };
  /** Minimum bits of an RSA key, the host's or the user's. */
  readonly requiredRsaSize: number;
  readonly compression: boolean;
  readonly setEnv: Readonly<Record<string, string>>;
  /** Patterns of names of variables to pass on. */
  readonly sendEnv: readonly string[];
  /** Settings for `ssh -o` that are not in the ssh config, such as `Port=2222`: those of a host that a command listed. */
  readonly given?: readonly string[];
  /** Socket of the user's own ControlMaster, if one runs. */
  readonly controlPath: string | null;

  /** The options that only the system's ssh can honour, such as `PKCS11Provider /usr/lib/x.so`. */
  readonly opensshOnly: readonly string[];
  /** Settings of the configuration that this program ignores, such as `LocalForward 8080 [localhost]:80`. */
  readonly notUsed: readonly string[];
}

/** A running opencode server that is known by its URL. Nothing else is known of its machine. */
export interface UrlRoute {
  readonly kind: 'url';
  /** http or https, without a slash at its end and without credentials. */
  readonly url: string;
  /** Directory of new sessions, from the configuration. */
  readonly directory?: string | undefined;
  /** Base of relative directories, from the configuration. */
  readonly projectsPath?: string | undefined;
}

/**
 * How a host is reached. `unresolved` is an alias whose options are not read yet, or cannot be (`reason`). `by-name` is
 * one whose options did not settle (`reason`), so that only the system's ssh can reach it.
 */
export type Route =
  | { readonly kind: 'local' }
  | { readonly kind: 'ssh'; readonly options: SshOptions }
  | UrlRoute
  | { readonly kind: 'by-name'; readonly reason: string }
  | { readonly kind: 'unresolved'; readonly reason: string | null };

/** A machine, known by its ssh alias, or a server, known by the name of its instance. */
export interface Host {
  readonly alias: string;
  /** Its displayed name; the alias unless the configuration sets another. */
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

/** Returns the hostname and port of a base URL, without the brackets of an IPv6 address. */
export function addressOfUrl(url: string): { readonly hostname: string; readonly port: number } {
  const { hostname, port, protocol } = new URL(url);
  const standard = protocol === 'https:' ? 443 : 80;
  return { hostname: hostname.replace(/^\[|\]$/g, ''), port: port === '' ? standard : Number(port) };
}

/** Returns the hostname and port by which a host is reached; `null` if they are not known. */
export function endpointOf(route: Route): { readonly hostname: string; readonly port: number } | null {
  if (route.kind === 'url') return addressOfUrl(route.url);
  return route.kind === 'ssh' ? route.options : null;
}

/** Names the setting of the configuration that holds the password of a host's own server. */
export function passwordSettingOf({ alias, route }: Pick<Host, 'alias' | 'route'>): string {
  return route.kind === 'url' ? `instances.${alias}.password` : `hosts.overrides.${alias}.server_password`;
}

/** Returns on one line why nothing can be run on a host; `null` if it has a shell. */
export function noShellReason({ label, route }: Pick<Host, 'label' | 'route'>): string | null {
  return route.kind === 'url' ? `${label} is reached by its URL: it has no shell` : null;
}

/** Returns `user@hostname:port` or the URL of a host, or a replacement for it. */
export function describeAddress(host: Host): string {
  if (host.route.kind === 'local') return 'this machine';
  if (host.route.kind === 'unresolved') return 'not resolved';
  if (host.route.kind === 'by-name') return host.alias;
  if (host.route.kind === 'url') return host.route.url;
  const { user, hostname, port } = host.route.options;
  const name = hostname.includes(':') ? `[${hostname}]` : hostname;
  return `${user}@${name}:${port}`;
}
