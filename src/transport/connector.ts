import pLimit from 'p-limit';
import type { SshOptions } from '../domain/host.ts';
import { findCertificate } from './authentication/identity-file.ts';
import { Secrets } from './authentication/secrets.ts';
import { LocalTransport } from './child/local-transport.ts';
import { loadHostKeyCheck } from './host-keys/host-key.ts';
import { HostKeyWatch } from './host-keys/host-key-watch.ts';
import type { ConnectLimits } from './interaction.ts';
import { findControlMaster } from './openssh/control-master.ts';
import { connectOpenssh, type OpensshSettings } from './openssh/openssh-connect.ts';
import { OpensshMemory } from './openssh/openssh-memory.ts';
import { expandProxyCommand, openProxyCommand } from './proxy-command.ts';
import { Semaphore } from './semaphore.ts';
import { openTcp, untilItSpeaks } from './socket.ts';
import { connectSsh2 } from './ssh2/ssh2-connect.ts';
import { Ssh2Unsupported } from './ssh2-unsupported.ts';
import type { Target, Via } from './target.ts';
import { type Transport, TransportError } from './transport.ts';

/** The kind of transport for a host. `auto` uses ssh2 unless only the system's ssh can reach it. */
export type TransportChoice = 'auto' | 'ssh2' | 'openssh';

export interface ConnectorSettings {
  /** Concurrent key exchanges and authentications. */
  readonly maxHandshakes: number;
  readonly environment: NodeJS.ProcessEnv;
  readonly openssh: OpensshSettings;
  choiceOf(name: string): TransportChoice;
  /** Returns where the ssh commands shown to the user leave a ControlMaster. */
  masterPathOf(name: string): string;
}

/** Connects to a target, `via` a hop if there is one. Rejects with a TransportError. Tests fake this seam. */
export type Connect = (target: Target, limits: ConnectLimits, via: Via | null) => Promise<Transport>;

/** Returns a function that connects along the target's route, by ssh2 if it can and by the system's ssh otherwise. */
export function createConnector(settings: ConnectorSettings): Connect {
  const secrets = new Secrets();
  const memory = new OpensshMemory();
  const handshakes = new Semaphore(settings.maxHandshakes);
  const hostKeys = new HostKeyWatch(Date.now);
  /** A limit of its own: from outside, an ssh that waits for a silent host looks like one that shakes hands. */
  const startSsh = pLimit(settings.maxHandshakes);
  /** Routes at which ssh2 failed, with the reason for using the system's ssh. */
  const learnt = new Map<string, string>();

  const bySystem = async (
    target: Target,
    limits: ConnectLimits,
    via: Via | null,
    reason: string,
    master: string | null,
  ) => {
    // The hop's own error tells more than ssh's message about a route that does not open.
    let shut: unknown = null;
    const open = (hop: Via) =>
      hop.open().catch((error: unknown) => {
        shut = error;
        throw error;
      });
    const way = via ?? commandWay(target, limits, settings.environment);
    const destination = {
      alias: target.destination.host,
      user: target.destination.user,
      port: target.destination.port,
      options: target.route.kind === 'ssh' ? target.route.options : null,
      reason,
      existingMaster: master,
      via: way === null ? null : () => open(way),
    };
    const connect = () => connectOpenssh(destination, limits, settings.openssh, memory);
    // Must not hold a slot while it waits for the hop, which may need one itself.
    if (master === null) await way?.ready();
    try {
      // The user may take longer than others should wait for a slot.
      return await (limits.interaction === null && master === null ? startSsh(connect) : connect());
    } catch (error) {
      throw shut ?? (await withRecords(error, target));
    }
  };

  const byOptions = async (target: Target, options: SshOptions, limits: ConnectLimits, via: Via | null) => {
    const choice = settings.choiceOf(target.name);
    const paths = [options.controlPath, settings.masterPathOf(target.name)];
    const master = choice === 'ssh2' ? null : await findControlMaster(paths, target.destination.host);
    if (master !== null) return bySystem(target, limits, null, `a ControlMaster is running at ${master}`, master);
    if (choice === 'openssh') return bySystem(target, limits, via, 'the configuration says so', null);
    const way = JSON.stringify(target.route);
    const reason = learnt.get(way) ?? (await whyOpenssh(options, target.name));
    if (reason !== null && choice === 'auto') return bySystem(target, limits, via, reason, null);
    if (reason !== null) throw new TransportError('protocol', `${reason}, but the configuration says ssh2`);
    try {
      return await connectSsh2(
        {
          alias: target.name,
          options,
          secrets,
          handshakes,
          hostKeys,
          environment: settings.environment,
          open: () => (via === null ? openDirectly(target, options, limits, settings.environment) : via.open()),
        },
        limits,
      );
    } catch (error) {
      if (!(error instanceof Ssh2Unsupported)) throw error;
      if (choice === 'ssh2') throw error.failure;
      try {
        const transport = await bySystem(target, limits, via, error.message, null);
        learnt.set(way, error.message);
        return transport;
      } catch (failure) {
        // Neither client gets in: from now on only one of them tries.
        if (failure instanceof TransportError && failure.kind === 'auth') learnt.set(way, error.message);
        throw failure;
      }
    }
  };

  return async (target, limits, via) => {
    const { route } = target;
    switch (route.kind) {
      case 'local':
        return new LocalTransport();
      case 'ssh':
        return byOptions(target, route.options, limits, via);
      case 'by-name': {
        const master = await findControlMaster([settings.masterPathOf(target.name)], target.destination.host);
        return bySystem(target, limits, null, route.reason, master);
      }
      case 'url':
        throw new TransportError('no-shell', 'it is reached by its URL: it has no shell');
      case 'unresolved':
        throw new TransportError('protocol', route.reason ?? 'the ssh options of this host are not known yet');
    }
  };
}

function openDirectly(target: Target, options: SshOptions, limits: ConnectLimits, environment: NodeJS.ProcessEnv) {
  if (options.proxyCommand === null) {
    return openTcp(options, options.connectTimeout ?? limits.timeout, limits.signal);
  }
  const command = expandProxyCommand(options.proxyCommand, target.destination.host, options);
  return Promise.resolve(openProxyCommand(command, withoutPrompts(environment, limits)));
}

/**
 * Runs the target's ProxyCommand as our own way to the host, since its errors tell more than what ssh passes on. `null`
 * leaves it to ssh, which knows tokens that this program does not.
 */
function commandWay(target: Target, limits: ConnectLimits, environment: NodeJS.ProcessEnv): Via | null {
  const options = target.route.kind === 'ssh' ? target.route.options : null;
  const command = options?.proxyCommand;
  if (!options || !command || /%[^%hnpr]/.test(command) || options.opensshOnly.some((own) => /fdpass/i.test(own))) {
    return null;
  }
  const open = async () => {
    const expanded = expandProxyCommand(command, target.destination.host, options);
    const stream = openProxyCommand(expanded, withoutPrompts(environment, limits));
    await untilItSpeaks(stream, options.connectTimeout ?? limits.timeout, limits.signal);
    return stream;
  };
  return { name: 'its ProxyCommand', ready: () => Promise.resolve(), open };
}

/**
 * Returns the environment for a command that may itself be an ssh: without an interaction it must not open a window to
 * ask.
 */
function withoutPrompts(environment: NodeJS.ProcessEnv, { interaction }: ConnectLimits): NodeJS.ProcessEnv {
  if (interaction !== null) return environment;
  return { ...environment, SSH_ASKPASS: '/bin/false', SSH_ASKPASS_REQUIRE: 'never' };
}

/** ssh reports a revoked key without its place, and an untrusted key without whether it can be trusted later. */
async function withRecords(error: unknown, { name, route }: Target): Promise<unknown> {
  if (!(error instanceof TransportError) || route.kind !== 'ssh') return error;
  if (error.kind === 'host-key-unknown' && route.options.userKnownHostsFiles.length === 0) {
    const hint =
      'This ssh accepts no unknown host key with UserKnownHostsFile none. Name a file, or /dev/null to keep none.';
    return new TransportError(error.kind, error.message, { hint, cause: error });
  }
  if (error.kind !== 'host-key-changed') return error;
  const { revocations } = await loadHostKeyCheck(route.options, name);
  if (revocations.length === 0 || !/revoked/.test(error.message)) return error;
  const places = revocations.map(({ file, line }) => `${file}:${line}`).join(', ');
  const hint = [`Keys of this host are revoked in ${places}.`, error.hint ?? ''].join('\n').trim();
  return new TransportError(error.kind, error.message, { hint, cause: error });
}

/** Returns why only the system's ssh can reach a host; `null` if ssh2 can. */
async function whyOpenssh(options: SshOptions, name: string): Promise<string | null> {
  const [first] = options.opensshOnly;
  if (first !== undefined) return `only the system's ssh honours ${options.opensshOnly.join(', ')}`;
  const certificate = await findCertificate(options.identityFiles);
  if (certificate !== null) return `only the system's ssh can use the certificate ${certificate}`;
  const { certificateAuthority, hasNoPlaceOfRecord } = await loadHostKeyCheck(options, name);
  if (hasNoPlaceOfRecord)
    return "only the system's ssh can tell whether it accepts unknown hosts with UserKnownHostsFile none";
  if (certificateAuthority === null) return null;
  const { file, line } = certificateAuthority;
  return `only the system's ssh can check the host's certificate (${file}:${line})`;
}
