import type { SshOptions } from '../../domain/host.ts';
import type { SshFeatures } from './openssh-features.ts';

/** The parameters with which the system's ssh reaches a host. */
export interface SshTarget {
  readonly alias: string;
  readonly user: string | null;
  readonly port: number | null;
  readonly options: SshOptions | null;
  /** Passed with -F; `null` lets ssh find its own. */
  readonly configFile: string | null;
  /** Milliseconds. */
  readonly timeout: number;
  /** True if ssh may ask anything. */
  readonly asks: boolean;
  /** True if no user can be asked about a host key. */
  readonly nobodyToAsk: boolean;
  /** Command line that carries the bytes to the host; `null` to follow the configuration. */
  readonly proxyCommand: string | null;
  readonly features: SshFeatures;
}

export type SshUse = 'master' | 'exec' | 'shell' | 'pty' | 'forward';

/** How a connection is shared. */
export type Sharing =
  | { readonly kind: 'none' }
  | { readonly kind: 'client'; readonly path: string }
  | { readonly kind: 'master'; readonly path: string; readonly persist: string; readonly ask: boolean };

/** Used when the ssh config sets no ServerAliveInterval: a dead peer is noticed within three of them. */
const KEEPALIVE_SECONDS = 15;

/**
 * Returns the arguments for ssh before the alias. They override the configuration's connection settings; its settings
 * for hosts, keys and trust stay.
 */
export function sshArguments(target: SshTarget, use: SshUse, sharing: Sharing): string[] {
  const { options } = target;
  const timeout = Math.min(target.timeout, options?.connectTimeout ?? target.timeout);
  const settings = {
    BatchMode: yesNo(!target.asks),
    // Does what BatchMode would do, where ssh may still ask for remembered secrets. An unknown policy may be laxer, so
    // it stays.
    ...(target.asks && target.nobodyToAsk && options?.hostKeyPolicy === 'ask' && { StrictHostKeyChecking: 'yes' }),
    ConnectTimeout: String(Math.max(1, Math.ceil(timeout / 1000))),
    ...((options?.serverAliveInterval ?? 0) === 0 && {
      ServerAliveInterval: String(KEEPALIVE_SECONDS),
      ServerAliveCountMax: '3',
    }),
    ClearAllForwardings: 'yes',
    RemoteCommand: 'none',
    RequestTTY: use === 'pty' ? 'force' : 'no',
    PermitLocalCommand: 'no',
    ForwardX11: 'no',
    Tunnel: 'no',
    ForwardAgent: use === 'pty' || use === 'master' ? forwardedAgent(options) : 'no',
    EscapeChar: 'none',
    ...(target.features.sessionOptions && {
      StdinNull: 'no',
      ...(use !== 'master' && { ForkAfterAuthentication: 'no', SessionType: 'default' }),
    }),
    // `parseSshEnd` looks for this, where the log level is too low for it.
    ...(use === 'pty' &&
      target.features.logVerbose && { LogVerbose: '*client_input_channel_req():*,*mux_client_request_session():*' }),
    ...sharingSettings(sharing),
    ...proxySettings(target, sharing),
    LogLevel: logLevel(use, sharing),
  };
  return [
    ...(target.configFile === null ? [] : ['-F', target.configFile]),
    ...(use === 'master' ? ['-f', '-N'] : []),
    ...(target.user === null ? [] : ['-l', target.user]),
    ...(target.port === null ? [] : ['-p', String(target.port)]),
    ...Object.entries(settings).flatMap(([name, value]) => ['-o', `${name}=${value}`]),
    // Must come last: of two values ssh takes the first, such as our way to the host instead of its ProxyJump.
    ...(options?.given ?? []).flatMap((setting) => ['-o', setting]),
  ];
}

function sharingSettings(sharing: Sharing): Record<string, string> {
  switch (sharing.kind) {
    case 'none':
      return { ControlMaster: 'no', ControlPath: 'none', ControlPersist: 'no' };
    case 'client':
      return { ControlMaster: 'no', ControlPath: quotePath(sharing.path) };
    case 'master':
      return {
        ControlMaster: sharing.ask ? 'ask' : 'yes',
        ControlPath: quotePath(sharing.path),
        ControlPersist: sharing.persist,
      };
  }
}

/**
 * A client that finds no master would silently open a connection of its own. A ProxyCommand that fails prevents that,
 * and is never started over a master.
 */
function proxySettings(target: SshTarget, sharing: Sharing): Record<string, string> {
  const command = sharing.kind === 'client' ? 'false' : target.proxyCommand;
  return command === null ? {} : { ProxyCommand: command, ProxyUseFdpass: 'no' };
}

/**
 * On a terminal, ssh prints its farewell from INFO on. Below INFO it does not log why algorithms do not match or which
 * key it accepts without asking. `parseSshEnd` and the forwards need the debug levels.
 */
function logLevel(use: SshUse, sharing: Sharing): string {
  if (use === 'pty') return 'ERROR';
  if (use === 'forward') return 'DEBUG2';
  if (use === 'master') return 'INFO';
  return sharing.kind === 'client' ? 'DEBUG2' : 'DEBUG1';
}

function forwardedAgent(options: SshOptions | null): string {
  if (typeof options?.forwardAgent === 'string') return quotePath(options.forwardAgent);
  return yesNo(options?.forwardAgent === true);
}

function yesNo(value: boolean): string {
  return value ? 'yes' : 'no';
}

/** Returns a path as one word for ssh_config(5), with percent signs escaped so that they are not tokens. */
function quotePath(path: string): string {
  return `"${path.replaceAll('%', '%%').replace(/(["\\])/g, '\\$1')}"`;
}
