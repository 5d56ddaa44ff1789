import type { Duplex } from 'node:stream';
import { type ConnectionInfo, withNote } from '../../domain/connection.ts';
import { onAbort } from '../../lib/abort.ts';
import { ChannelGate, ChannelRefused } from '../channel-gate.ts';
import { FramedShell } from '../framed-shell.ts';
import { DIAGNOSIS, diagnosisLimits, explainDiagnosis } from '../no-shell.ts';
import { collectPipe, withoutInput } from '../pipe-output.ts';
import { ShellStart } from '../shell-start.ts';
import {
  type ExecResult,
  type ForwardTarget,
  type InteractiveExit,
  type Pipe,
  type Pty,
  type PtyRequest,
  type RunLimits,
  type Shell,
  type Transport,
  TransportError,
} from '../transport.ts';
import { collectOutput } from './child-output.ts';
import { ChildGroup, happensWithin, type Invocation } from './child-process.ts';
import { ChildPty } from './child-pty.ts';
import { loadPtySpawn, PtyProcess } from './pty-process.ts';

/** The purpose of a command. */
export type CommandUse = 'exec' | 'shell' | 'pty';

/** The parts in which transports over child processes differ. */
export interface ChildKind {
  readonly connection: ConnectionInfo;
  /** Returns how to start a command. */
  command(command: string, use: CommandUse): Invocation;
  forward(target: ForwardTarget, signal: AbortSignal, children: ChildGroup): Promise<Duplex>;
  /** Releases the resources of the kind itself, after the children have ended. Called once. */
  close(): void;
}

/** The host allows no further session on a healthy connection: the command was not started. */
export class NoSession extends TransportError {
  constructor(reason: string) {
    super('protocol', `the host opened no session: ${reason}`, {
      hint: 'It may allow no more on one connection: see sshd_config(5), MaxSessions.',
    });
  }
}

/** Time for an idle shell to make room for another command. */
const SHELL_EXIT_TIMEOUT_MS = 2000;

/** A transport that runs each command as a child process of its own. */
export class ChildTransport implements Transport {
  readonly #kind: ChildKind;
  #connection: ConnectionInfo;
  readonly #children = new ChildGroup();
  #state: 'open' | 'retired' | 'closed' = 'open';
  readonly #gate = new ChannelGate();
  /** Programs on a terminal and forwarded streams, which keep a retired transport open. */
  #kept = 0;
  /** True if the profile replaces the shell that should run a command. */
  #replaced = false;

  constructor(kind: ChildKind) {
    this.#kind = kind;
    this.#connection = kind.connection;
  }

  get closed(): boolean {
    return this.#state !== 'open';
  }

  get connection(): ConnectionInfo {
    return this.#connection;
  }

  note(text: string): void {
    this.#connection = withNote(this.#connection, text);
  }

  async exec(command: string, limits: RunLimits): Promise<ExecResult> {
    if (this.#replaced) return collectPipe(await this.pipe(withoutInput(command), limits), limits);
    return this.#session(
      () => collectOutput(this.#children.start(this.#kind.command(command, 'exec'), 'output'), limits),
      limits.signal,
    );
  }

  async shell(signal: AbortSignal): Promise<Shell> {
    return this.#framedShell(signal);
  }

  async pipe(script: string, limits: RunLimits): Promise<Pipe> {
    this.#kept += 1;
    try {
      const pipe = await (await this.#framedShell(limits.signal)).become(script, limits);
      pipe.onClose(() => this.#let());
      return pipe;
    } catch (error) {
      this.#let();
      throw error;
    }
  }

  async #framedShell(signal: AbortSignal): Promise<FramedShell> {
    this.#refuse(signal);
    const start = new ShellStart();
    const { child } = await this.#gate.open(async () => {
      this.#refuse(signal);
      const child = this.#children.start(this.#kind.command(start.command, 'shell'), 'shell');
      return { child, onClose: (listener) => void child.ended.then(listener) };
    }, signal);
    let takeBack = () => {};
    let end = () => child.kill();
    const leave = async () => {
      // Closes its input instead of killing it: only then is the host's session free once the child is gone.
      end = () => child.process.stdin?.end();
      shell.close();
      if (!(await happensWithin(child.ended, SHELL_EXIT_TIMEOUT_MS))) child.kill();
    };
    const pipe: Pipe = {
      write: (text) => child.process.stdin?.write(text),
      onData: (listener) => child.process.stdout?.on('data', listener),
      onErrors: (listener) => child.process.stderr?.on('data', listener),
      onClose: (listener) => void child.ended.then((ended) => listener(this.closed ? connectionClosed() : ended)),
      pause: () => child.process.stdout?.pause(),
      resume: () => child.process.stdout?.resume(),
      kill: () => end(),
    };
    const shell = new FramedShell(pipe, start, {
      onStart: ({ replaced }, note) => {
        this.#replaced = replaced;
        if (note !== null) this.note(note);
      },
      diagnose: async () => {
        // A single command would need such a shell itself.
        if (this.#replaced) return null;
        return explainDiagnosis(await this.exec(DIAGNOSIS, diagnosisLimits(signal)));
      },
      onIdle: (idle) => {
        takeBack();
        takeBack = idle ? this.#gate.lend(() => void leave()) : () => {};
      },
    });
    return shell;
  }

  async pty(command: string, request: PtyRequest, signal: AbortSignal): Promise<Pty> {
    this.#refuse(signal);
    const spawn = await loadPtySpawn();
    this.#refuse(signal);
    this.#kept += 1;
    return new ChildPty(request, async (pty, givenUp) => {
      const end = AbortSignal.any([signal, givenUp]);
      const run = () => {
        const invocation = this.#kind.command(command, 'pty');
        return this.#untilEnded(
          pty.runBy((wanted, receive) => new PtyProcess(spawn, invocation, wanted, receive)),
          end,
        );
      };
      try {
        return await this.#session(run, end);
      } finally {
        this.#let();
      }
    });
  }

  async forward(target: ForwardTarget, signal: AbortSignal): Promise<Duplex> {
    this.#refuse(signal);
    const stream = await this.#kind.forward(target, signal, this.#children);
    this.#kept += 1;
    stream.once('close', () => this.#let());
    return stream;
  }

  retire(): void {
    if (this.#state === 'open') this.#state = 'retired';
    if (this.#kept === 0) this.close();
  }

  close(): void {
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    this.#children.killAll();
    this.#kind.close();
  }

  #let(): void {
    this.#kept -= 1;
    if (this.#state === 'retired' && this.#kept === 0) this.close();
  }

  async #untilEnded(child: PtyProcess, signal: AbortSignal): Promise<InteractiveExit> {
    this.#children.add(child);
    const stopListening = onAbort(signal, () => child.kill());
    const end = await child.ended;
    stopListening();
    if (signal.aborted) throw new TransportError('aborted', 'the program was cancelled');
    // The transport was closed, so any failure is due to that.
    if (this.#state === 'closed') throw connectionClosed();
    if (end instanceof TransportError) throw end;
    return end;
  }

  /** Runs a command that takes a session of the connection, as soon as the host has room. */
  async #session<Result>(run: () => Promise<Result>, signal: AbortSignal): Promise<Result> {
    try {
      const { result } = await this.#gate.open(async () => {
        this.#refuse(signal);
        const result = await run().catch((error: unknown) => {
          throw error instanceof NoSession ? new ChannelRefused(error.message, { cause: error }) : error;
        });
        return { result, onClose: (listener) => listener() };
      }, signal);
      return result;
    } catch (error) {
      throw error instanceof ChannelRefused ? error.cause : error;
    }
  }

  #refuse(signal: AbortSignal): void {
    if (this.closed) throw connectionClosed();
    if (signal.aborted) throw new TransportError('aborted', 'the request was cancelled');
  }
}

function connectionClosed(): TransportError {
  return new TransportError('closed', 'the connection is closed');
}
