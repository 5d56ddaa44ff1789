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

/** Milliseconds that a child may take to end when it is told to. */
const ENDS_WITHIN = 2000;

const STDIO = {
  output: ['ignore', 'pipe', 'pipe'],
  shell: ['pipe', 'pipe', 'ignore'],
  stream: ['pipe', 'pipe', 'pipe'],
  terminal: ['inherit', 'inherit', 'inherit'],
} as const;

/** A child and what becomes of it. */
export class RunningChild {
  readonly process: ChildProcess;
  /** Resolves when the process has ended and its output is read. Never rejects. */
  readonly ended: Promise<ChildEnd>;
  readonly #ownGroup: boolean;
  #over = false;
  #killer: NodeJS.Timeout | undefined;

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
        resolve(judge(invocation, { code, signal }));
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
function killGroup(pid: number, signal: NodeJS.Signals | 0): boolean {
  if (pid < 2) return false;
  try {
    return process.kill(-pid, signal);
  } catch {
    return false;
  }
}

async function judge({ file, judge }: Invocation, exit: InteractiveExit): Promise<ChildEnd> {
  try {
    return await judge(exit);
  } catch (error) {
    const message = `what became of ${file} is not known: ${messageOf(error)}`;
    return new TransportError('protocol', message, { cause: error });
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
