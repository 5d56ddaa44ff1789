import type { Duplex } from 'node:stream';
import type { SshOptions } from '../../domain/host.ts';
import { onAbort } from '../../lib/abort.ts';
import { Deadline } from '../deadline.ts';
import type { ConnectLimits } from '../interaction.ts';
import { type Transport, TransportError } from '../transport.ts';
import type { SshTarget } from './openssh-arguments.ts';
import { loadSshFeatures } from './openssh-features.ts';
import { boundedPersist, expandControlPath, startMaster } from './openssh-master.ts';
import { OpensshMemory } from './openssh-memory.ts';
import { MasterLink } from './openssh-mux.ts';
import { OpensshQuestions } from './openssh-questions.ts';
import { OpensshSurroundings } from './openssh-surroundings.ts';
import { type HeldMaster, OpensshTransport } from './openssh-transport.ts';

/** A host as described to the system's ssh. */
export interface OpensshDestination {
  /** Passed to ssh: an alias of its configuration, or a name. */
  readonly alias: string;
  readonly user: string | null;
  readonly port: number | null;
  /** `null` if unknown. */
  readonly options: SshOptions | null;
  /** Why ssh2 is not used, for display. */
  readonly reason: string;
  /** Path of the user's own running master. It is used, and never stopped. */
  readonly existingMaster: string | null;
  /** Opens a stream to the host's sshd through a connected hop. */
  readonly via: (() => Promise<Duplex>) | null;
}

/** How connections are shared, with values as in ssh_config(5). */
export interface OpensshSettings {
  /** `no`: each command is a connection of its own. */
  readonly controlMaster: 'auto' | 'yes' | 'no' | 'ask' | 'autoask';
  readonly controlPersist: string;
  /** `null`: a private one. A master at a configured path outlives this program by its ControlPersist. */
  readonly controlPath: string | null;
  /** Passed with -F; `null` lets ssh find its own. */
  readonly configFile: string | null;
}

/**
 * Connects and authenticates. ssh itself judges the host key. `memory` repeats earlier answers. Rejects with a
 * TransportError, and then leaves nothing behind.
 */
export async function connectOpenssh(
  destination: OpensshDestination,
  limits: ConnectLimits,
  settings: OpensshSettings,
  memory = new OpensshMemory(),
): Promise<Transport> {
  const attempt = new AbortController();
  let failure: TransportError | undefined;
  const giveUp = (error: TransportError) => {
    failure ??= error;
    attempt.abort();
  };
  const seconds = limits.timeout / 1000;
  const deadline = new Deadline(limits.timeout, () =>
    giveUp(new TransportError('timeout', `no SSH answer within ${seconds}s`)),
  );
  const stopListening = onAbort(limits.signal, () =>
    giveUp(new TransportError('aborted', 'the connection was cancelled')),
  );
  let around: OpensshSurroundings | undefined;
  let questions: OpensshQuestions | undefined;
  try {
    const features = await loadSshFeatures();
    const { interaction } = limits;
    const { alias, options } = destination;
    const remembered = memory.of({ alias, options, features });
    const asked = new OpensshQuestions({ alias, interaction, memory: remembered, deadline, onRefusal: giveUp });
    const mayAsk = interaction !== null || !remembered.isEmpty;
    questions = asked;
    around = await OpensshSurroundings.create({
      features,
      answer: mayAsk ? (request, signal) => asked.answer(request, signal) : null,
      via: destination.via,
      onViaError: (error) => giveUp(explainVia(error)),
    });
    const target: SshTarget = {
      alias: destination.alias,
      user: destination.user,
      port: destination.port,
      options: destination.options,
      configFile: settings.configFile,
      timeout: limits.timeout,
      asks: mayAsk,
      nobodyToAsk: interaction === null,
      proxyCommand: around.proxyCommand,
      features,
    };
    attempt.signal.throwIfAborted();
    const transport = await open(destination, settings, target, around, attempt.signal);
    asked.succeeded();
    if (!asksLater(destination, settings)) around.stopAnswering();
    return transport;
  } catch (error) {
    around?.close();
    if (failure?.kind !== 'aborted') questions?.failed();
    throw failure ?? error;
  } finally {
    deadline.stop();
    stopListening();
  }
}

async function open(
  destination: OpensshDestination,
  settings: OpensshSettings,
  target: SshTarget,
  around: OpensshSurroundings,
  signal: AbortSignal,
): Promise<Transport> {
  const transport = (master: HeldMaster | null, notes: readonly string[]) =>
    new OpensshTransport(target, around, master, { kind: 'openssh', reason: destination.reason, notes });
  const { existingMaster: existing } = destination;
  if (existing !== null) {
    return transport({ path: existing, link: await MasterLink.open(existing, signal), owned: false }, []);
  }
  if (settings.controlMaster === 'no') {
    const direct = transport(null, []);
    await direct.exec('exit 0', { signal, idleTimeout: 2 ** 31 - 1, maxBytes: 2 ** 20 });
    return direct;
  }
  if (settings.controlPath === null) {
    // Only this program can use a private one, so there is nothing to confirm.
    const path = around.directory.file('ctl');
    const plan = { path, persist: boundedPersist(settings.controlPersist), ask: false };
    const { link, notes } = await startMaster(target, around, plan, signal);
    return transport({ path, link, owned: true }, notes);
  }
  const path = await expandControlPath(target, settings.controlPath, around.env, signal);
  const link = await MasterLink.open(path, signal).catch(() => null);
  if (link !== null) return transport({ path, link, owned: false }, []);
  const stays = settings.controlPersist !== 'no';
  const ask = settings.controlMaster === 'ask' || settings.controlMaster === 'autoask';
  const plan = { path, persist: stays ? settings.controlPersist : null, ask };
  const started = await startMaster(target, around, plan, signal);
  return transport({ path, link: started.link, owned: !stays }, started.notes);
}

/**
 * Without a master every command may ask. A master asks only if each use must be confirmed, which a private one does
 * not need.
 */
function asksLater({ existingMaster }: OpensshDestination, { controlMaster, controlPath }: OpensshSettings): boolean {
  if (existingMaster !== null) return false;
  if (controlMaster === 'no') return true;
  return controlPath !== null && (controlMaster === 'ask' || controlMaster === 'autoask');
}

function explainVia(error: unknown): TransportError {
  if (error instanceof TransportError) return error;
  return new TransportError('closed', 'the jump host opened no connection to the host', { cause: error });
}
