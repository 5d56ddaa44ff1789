import type { Duplex } from 'node:stream';
import type { ConnectionInfo } from '../domain/connection.ts';
import { onAbort } from '../lib/abort.ts';
import { collectOutput } from './child-output.ts';
import { ChildGroup, type Invocation, type RunningChild } from './child-process.ts';
import { FramedShell } from './framed-shell.ts';
import {
  type ExecResult,
  type ForwardTarget,
  type InteractiveExit,
  type RunLimits,
  type Shell,
  type Terminal,
  type Transport,
  TransportError,
} from './transport.ts';

/** What a command is started for. */
export type CommandUse = 'exec' | 'shell' | 'pty';

/** In what transports over child processes differ. */
export interface ChildKind {
  readonly connection: ConnectionInfo;
  /** How a command is started; `null` for a persistent `sh`. */
  command(command: string | null, use: CommandUse): Invocation;
  forward(target: ForwardTarget, signal: AbortSignal, children: ChildGroup): Promise<Duplex>;
  /** Gives up what the kind itself holds; the children are gone already. Called once. */
  close(): void;
}

/** A transport in which every command is a child process of its own. */
export class ChildTransport implements Transport {
  readonly #kind: ChildKind;
  readonly #children = new ChildGroup();
  #state: 'open' | 'retired' | 'closed' = 'open';
  #terminals = 0;

  constructor(kind: ChildKind) {
    this.#kind = kind;
  }

  get closed(): boolean {
    return this.#state !== 'open';
  }

  get connection(): ConnectionInfo {
    return this.#kind.connection;
  }

  async exec(command: string, limits: RunLimits): Promise<ExecResult> {
    this.#refuse(limits.signal);
    return collectOutput(this.#children.start(this.#kind.command(command, 'exec'), 'output'), limits);
  }

  async shell(signal: AbortSignal): Promise<Shell> {
    this.#refuse(signal);
    const child = this.#children.start(this.#kind.command(null, 'shell'), 'shell');
    return new FramedShell({
      write: (text) => child.process.stdin?.write(text),
      onData: (listener) => child.process.stdout?.on('data', listener),
      onClose: (listener) => {
        child.ended.then((end) => listener(end instanceof TransportError ? end.message : 'the shell ended'));
      },
      kill: () => child.kill(),
    });
  }

  async pty(command: string, _terminal: Terminal, signal: AbortSignal): Promise<InteractiveExit> {
    this.#refuse(signal);
    this.#terminals += 1;
    try {
      return await untilEnded(this.#children.start(this.#kind.command(command, 'pty'), 'terminal'), signal);
    } finally {
      this.#terminals -= 1;
      if (this.#state === 'retired' && this.#terminals === 0) this.close();
    }
  }

  async forward(target: ForwardTarget, signal: AbortSignal): Promise<Duplex> {
    this.#refuse(signal);
    return this.#kind.forward(target, signal, this.#children);
  }

  retire(): void {
    if (this.#terminals === 0) this.close();
    else if (this.#state === 'open') this.#state = 'retired';
  }

  close(): void {
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    this.#children.killAll();
    this.#kind.close();
  }

  #refuse(signal: AbortSignal): void {
    if (this.closed) throw new TransportError('closed', 'the connection is closed');
    if (signal.aborted) throw new TransportError('aborted', 'the request was given up');
  }
}

async function untilEnded(child: RunningChild, signal: AbortSignal): Promise<InteractiveExit> {
  // The terminal sends these to both; they are the child's to answer.
  const ignore = () => {};
  for (const name of ['SIGINT', 'SIGQUIT'] as const) process.on(name, ignore);
  const stopListening = onAbort(signal, () => child.kill());
  try {
    const end = await child.ended;
    if (signal.aborted) throw new TransportError('aborted', 'the program was given up');
    if (end instanceof TransportError) throw end;
    return end;
  } finally {
    stopListening();
    for (const name of ['SIGINT', 'SIGQUIT'] as const) process.off(name, ignore);
  }
}
