import { type ChildProcess, spawn } from 'node:child_process';
import { sleep } from '../../lib/abort.ts';
import { messageOf } from '../../lib/errors.ts';
import { type InteractiveExit, TransportError } from '../transport.ts';

/** How a child ended, or why that is no end of the command it was to run. */
export type ChildEnd = InteractiveExit | TransportError;

/** A program to start. */
export interface Invocation {
  readonly file: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** Says what the end of the process means. Called once, whatever ended it. */
  readonly judge: (exit: InteractiveExit) => ChildEnd | Promise<ChildEnd>;
}

/** What the child's standard streams are. `errorsTo` is a file descriptor. */
export type ChildStreams = 'output' | 'shell' | 'stream' | { readonly errorsTo: number };

/** Milliseconds that a child may take to end when it is told to. */
export const ENDS_WITHIN = 2000;

const STDIO = {
  output: ['ignore', 'pipe', 'pipe'],
  shell: ['pipe', 'pipe', 'pipe'],
  stream: ['pipe', 'pipe', 'pipe'],
} as const;

/** A child and what becomes of it. */
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
      // The leader of a group of its own.
      detached: true,
    });
    // A child that has gone makes writing fail; its end tells more.
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

  /** Ends the child and what it started. Somebody else may still hold the other end of its streams, so ours are given up. */
  kill(): void {
    const { pid, stdin, stdout, stderr } = this.process;
    for (const stream of [stdin, stdout, stderr]) stream?.destroy();
    // The number may be another's by now.
    if (pid === undefined || this.#over) return;
    if (!killGroup(pid, 'SIGTERM')) {
      this.process.kill('SIGTERM');
      return;
    }
    if (this.#killer !== undefined) return;
    this.#killer = setTimeout(() => killGroup(pid, 'SIGKILL'), ENDS_WITHIN).unref();
    // When none of the group is left its number may become another's.
    this.process.once('close', () => {
      if (!killGroup(pid, 0)) clearTimeout(this.#killer);
    });
  }
}

/** Is there such a group? Below 2 there is none of ours: -0 and -1 would be everybody. */
export function killGroup(pid: number, signal: NodeJS.Signals | 0): boolean {
  if (pid < 2) return false;
  try {
    return process.kill(-pid, signal);
  } catch {
    return false;
  }
}

/** Never rejects. */
export async function judgeEnd({ file, judge }: Invocation, exit: InteractiveExit): Promise<ChildEnd> {
  try {
    return await judge(exit);
  } catch (error) {
    const message = `what became of ${file} is not known: ${messageOf(error)}`;
    return new TransportError('protocol', message, { cause: error });
  }
}

/** A process of ours, whatever it runs on. */
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

  /** A child that was started elsewhere. */
  add<Started extends Child>(child: Started): Started {
    this.#running.add(child);
    child.ended.finally(() => this.#running.delete(child));
    return child;
  }

  killAll(): void {
    for (const child of this.#running) child.kill();
  }
}

/** Does it happen within so many milliseconds? */
export async function happensWithin(event: Promise<unknown>, milliseconds: number): Promise<boolean> {
  const happened = new AbortController();
  event.then(() => happened.abort());
  await sleep(milliseconds, happened.signal);
  return happened.signal.aborted;
}
