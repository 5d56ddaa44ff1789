import type { Duplex } from 'node:stream';
import type { ConnectionInfo } from '../../domain/connection.ts';
import { type ChildEnd, type ChildGroup, happensWithin, type Invocation } from '../child/child-process.ts';
import { type ChildKind, ChildTransport, type CommandUse, NoSession } from '../child/child-transport.ts';
import { type ForwardTarget, type InteractiveExit, TransportError } from '../transport.ts';
import { type Sharing, type SshTarget, type SshUse, sshArguments } from './openssh-arguments.ts';
import { explainSshFailure } from './openssh-errors.ts';
import { forwardAddress, openForward } from './openssh-forward.ts';
import { parseSshEnd } from './openssh-log.ts';
import type { MasterLink } from './openssh-mux.ts';
import type { OpensshSurroundings } from './openssh-surroundings.ts';

/** Time for an ending master to disappear after its sessions have. */
const MASTER_EXIT_TIMEOUT_MS = 100;

/** The master through which a host is reached. */
export interface HeldMaster {
  readonly path: string;
  readonly link: MasterLink;
  /** True if it ends with the transport. */
  readonly owned: boolean;
}

/** Reaches a host by the system's ssh: a client of a master for each command, or a connection for each. */
export class OpensshTransport extends ChildTransport {
  constructor(target: SshTarget, around: OpensshSurroundings, master: HeldMaster | null, connection: ConnectionInfo) {
    super(new OpensshKind(target, around, master, connection));
    master?.link.ended.then(() => this.close());
  }
}

class OpensshKind implements ChildKind {
  readonly connection: ConnectionInfo;
  readonly #target: SshTarget;
  readonly #around: OpensshSurroundings;
  readonly #master: HeldMaster | null;
  readonly #sharing: Sharing;
  #closed = false;

  constructor(target: SshTarget, around: OpensshSurroundings, master: HeldMaster | null, connection: ConnectionInfo) {
    this.#target = target;
    this.#around = around;
    this.#master = master;
    this.#sharing = master === null ? { kind: 'none' } : { kind: 'client', path: master.path };
    this.connection = connection;
  }

  command(command: string, use: CommandUse): Invocation {
    // A log of its own: in the same stream, the command's errors could be taken for ssh's.
    const log = this.#around.directory.nextFile();
    return this.#invocation(use, ['-E', log], [command], (exit) => this.#judge(exit, log));
  }

  forward(target: ForwardTarget, signal: AbortSignal, children: ChildGroup): Promise<Duplex> {
    const invocation = this.#invocation('forward', ['-W', forwardAddress(target)], [], (exit) => exit);
    return openForward(children.start(invocation, 'stream'), target, signal);
  }

  close(): void {
    this.#closed = true;
    if (this.#master?.owned) this.#master.link.terminate();
    else this.#master?.link.release();
    this.#around.close();
  }

  #invocation(
    use: SshUse,
    extra: readonly string[],
    command: readonly string[],
    judge: Invocation['judge'],
  ): Invocation {
    const args = [...extra, ...sshArguments(this.#target, use, this.#sharing), '--', this.#target.alias, ...command];
    return { file: 'ssh', args, env: this.#around.env, judge };
  }

  async #judge(exit: InteractiveExit, logPath: string): Promise<ChildEnd> {
    const log = await this.#around.directory.takeText(logPath);
    if (this.#closed && (exit.code === null || exit.code === 255)) return connectionLost();
    if (exit.signal !== null) return exit;
    const end = parseSshEnd(exit.code, log);
    if (end.kind === 'exit') return { code: end.code, signal: null };
    if (end.kind === 'no-channel') return new NoSession(end.reason);
    if (await this.#masterIsGone()) return connectionLost();
    if (end.kind === 'no-status') return { code: null, signal: null };
    if (log.trim() === '') {
      // On a terminal an older ssh leaves no trace of a status of 255.
      return this.#target.features.logVerbose ? connectionLost() : { code: 255, signal: null };
    }
    return this.#master === null ? explainSshFailure(log) : connectionLost(log.trim().split('\n').at(-1));
  }

  async #masterIsGone(): Promise<boolean> {
    if (this.#master === null) return false;
    const { link } = this.#master;
    return link.gone || (await happensWithin(link.ended, MASTER_EXIT_TIMEOUT_MS));
  }
}

function connectionLost(said?: string): TransportError {
  return new TransportError('closed', 'the connection was lost', { hint: said });
}
