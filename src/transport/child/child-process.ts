import { type ChildProcess, spawn } from 'node:child_process';
import { sleep } from '../../lib/abort.ts';
import { messageOf } from '../../lib/errors.ts';
import { signalGroup } from '../../lib/process-group.ts';
import { type InteractiveExit, TransportError } from '../transport.ts';

/** A child's exit, or the error if the command itself did not end. */
export type ChildEnd = InteractiveExit | TransportError;

/** A program to start. */
export interface Invocation {
  readonly file: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** Interprets the end of the process. Called once, however it ended. */
  readonly judge: (exit: InteractiveExit) => ChildEnd | Promise<ChildEnd>;
}

/** The child's standard streams. `errorsTo` is a file descriptor. */
export type ChildStreams = 'output' | 'shell' | 'stream' | { readonly errorsTo: number };

/** Time for a child to end by itself after it was told to. */
export const EXIT_TIMEOUT_MS = 2000;

const STDIO = {
  output: ['ignore', 'pipe', 'pipe'],
  shell: ['pipe', 'pipe', 'pipe'],
  stream: ['pipe', 'pipe', 'pipe'],
} as const;

/** A running child and its end. */
export class RunningChild {
  readonly process: ChildProcess;
  /** Resolves when the process has ended and its output is read. Never rejects. */
  readonly ended: Promise<ChildEnd>;
  #over = false;
  #killer: NodeJS.Timeout | undefined;

  constructor(invocation: Invocation, streams: ChildStreams) {
    this.process = spawn(invocation.file, invocation.args, {
      stdio: typeof streams === 'string' ? [...STDIO[streams]] : ['ignore', 'ignore', streams.errorsTo],
      env: invocation.env,
      // Makes the child the leader of its own process group.
      detached: true,
    });
    // Writing to a child that has ended fails; its exit explains more.
    this.process.stdin?.on('error', () => {});
    this.ended = new Promise((resolve) => {
      this.process.on('error', (error) => {
        resolve(
          new TransportError('protocol', `${invocation.file} does not start: ${messageOf(error)}`, { cause: error }),
        );
      });
      this.process.on('close', (code, signal) => {
        this.#over = true;
        resolve(judgeEnd(invocation, { code, signal }));
      });
    });
  }

  /**
   * Ends the child and its descendants. Another process may still hold the other end of its streams, so ours are
   * destroyed.
   */
  kill(): void {
    const { pid, stdin, stdout, stderr } = this.process;
    for (const stream of [stdin, stdout, stderr]) stream?.destroy();
    // The pid may have been reused.
    if (pid === undefined || this.#over) return;
    if (!signalGroup(pid, 'SIGTERM')) {
      this.process.kill('SIGTERM');
      return;
    }
    if (this.#killer !== undefined) return;
    this.#killer = setTimeout(() => signalGroup(pid, 'SIGKILL'), EXIT_TIMEOUT_MS).unref();
    // Once the group is empty, its id may be reused.
    this.process.once('close', () => {
      if (!signalGroup(pid, 0)) clearTimeout(this.#killer);
    });
  }
}

/** Never rejects. */
export async function judgeEnd({ file, judge }: Invocation, exit: InteractiveExit): Promise<ChildEnd> {
  try {
    return await judge(exit);
  } catch (error) {
    const message = `the state of ${file} is unknown: ${messageOf(error)}`;
    return new TransportError('protocol', message, { cause: error });
  }
}

/** A child process of this program. */
export interface Child {
  /** Never rejects. */
  readonly ended: Promise<ChildEnd>;
  kill(): void;
}

/** The children of one transport. */
export class ChildGroup {
  readonly #running = new Set<Child>();

  start(invocation: Invocation, streams: ChildStreams): RunningChild {
    return this.add(new RunningChild(invocation, streams));
  }

  /** Adds a child that was started elsewhere. */
  add<Started extends Child>(child: Started): Started {
    this.#running.add(child);
    child.ended.finally(() => this.#running.delete(child));
    return child;
  }

  killAll(): void {
    for (const child of this.#running) child.kill();
  }
}

/** True if the event happens within the time. */
export async function happensWithin(event: Promise<unknown>, milliseconds: number): Promise<boolean> {
  const happened = new AbortController();
  event.then(() => happened.abort());
  await sleep(milliseconds, happened.signal);
  return happened.signal.aborted;
}
