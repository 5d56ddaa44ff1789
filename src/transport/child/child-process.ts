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

/**
 * What the child's standard streams are. `terminal` hands on those of this process, and the child stays in its process group; `errorsTo` is a file
 * descriptor.
 */
export type ChildStreams = 'output' | 'shell' | 'stream' | 'terminal' | { readonly errorsTo: number };

const STDIO = {
  output: ['ignore', 'pipe', 'pipe'],
  shell: ['pipe', 'pipe', 'ignore'],
  stream: ['pipe', 'pipe', 'pipe'],
  terminal: ['inherit', 'inherit', 'inherit'],
} as const;

/** A child and what becomes of it. */
export class RunningChild {
  readonly process: ChildProcess;
  /** Resolves when the process has ended and its output is read. */
  readonly ended: Promise<ChildEnd>;
  readonly #ownGroup: boolean;
  #over = false;

  constructor(invocation: Invocation, streams: ChildStreams) {
    this.#ownGroup = streams !== 'terminal';
    this.process = spawn(invocation.file, invocation.args, {
      stdio: typeof streams === 'string' ? [...STDIO[streams]] : ['ignore', 'ignore', streams.errorsTo],
      env: invocation.env,
      detached: this.#ownGroup,
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
        resolve(invocation.judge({ code, signal }));
      });
    });
  }

  /** Ends the child and what it started. Somebody else may still hold the other end of its streams, so ours are given up. */
  kill(): void {
    const { pid, stdin, stdout, stderr } = this.process;
    for (const stream of [stdin, stdout, stderr]) stream?.destroy();
    // The number may be another's by now.
    if (pid === undefined || this.#over) return;
    if (!this.#ownGroup) {
      this.process.kill('SIGHUP');
      return;
    }
    try {
      process.kill(-pid, 'SIGTERM');
    } catch {
      this.process.kill('SIGTERM');
    }
  }
}

/** The children of one transport. */
export class ChildGroup {
  readonly #running = new Set<RunningChild>();

  start(invocation: Invocation, streams: ChildStreams): RunningChild {
    const child = new RunningChild(invocation, streams);
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
