import { randomBytes } from 'node:crypto';
import { quoteArgument } from '../lib/shell-quote.ts';
import { LastWords } from './last-words.ts';
import { noteOf, shellEnded, silentStart } from './no-shell.ts';
import { RunGuard } from './run-guard.ts';
import { Exchange, LONGEST_PREAMBLE } from './shell-exchange.ts';
import type { ShellStart, StartReport } from './shell-start.ts';
import { type Pipe, type RunLimits, type Shell, type ShellReply, TransportError } from './transport.ts';

export interface FramedShellOptions {
  /** Told whenever the shell has nothing to do any more, or has again. */
  readonly onIdle?: (idle: boolean) => void;
  /** Told once the shell runs, with what the user should know of how it was started. */
  readonly onStart?: (report: StartReport, note: string | null) => void;
  /** Finds out why a shell does not start though nothing is printed; `null` where that remains unknown. */
  readonly diagnose?: () => Promise<TransportError | null>;
}

interface Run {
  readonly script: string;
  readonly limits: RunLimits;
  readonly resolve: (reply: ShellReply) => void;
  readonly reject: (error: TransportError) => void;
}

/** How many times the silence that a run may take a shell without a word may take to start. */
const SILENT_START = 3;

/**
 * A persistent shell over a pipe. No script is sent before the shell has proven that it runs (`ShellStart`); then each is framed by lines that hold a
 * random word, so whatever a profile or a background process prints is not taken for an answer.
 */
export class FramedShell implements Shell {
  readonly #pipe: Pipe;
  readonly #start: ShellStart;
  readonly #options: FramedShellOptions;
  readonly #words: LastWords;
  readonly #createdAt = performance.now();
  readonly #word = randomBytes(9).toString('hex');
  readonly #queue: Run[] = [];
  #ready = false;
  /** Bytes before the shell was ready. */
  #preamble = 0;
  /** Holds the start to the limits of the first run. */
  #starting: RunGuard | undefined;
  #current: Exchange | undefined;
  #count = 0;
  /** Bytes since the last script was sent that are no answer to it. */
  #unasked = 0;
  #closedBy: TransportError | undefined;
  /** It is to be given up to a script, so that it is never idle again. */
  #isPromised = false;

  /** `start` is what the pipe's command was taken from. */
  constructor(pipe: Pipe, start: ShellStart, options: FramedShellOptions = {}) {
    this.#pipe = pipe;
    this.#start = start;
    this.#options = options;
    this.#words = new LastWords(start.ownWords);
    pipe.onData((chunk) => this.#receive(chunk));
    pipe.onErrors((chunk) => {
      this.#words.add(chunk);
      this.#countUnasked(chunk);
    });
    pipe.onClose((end) => this.#end(shellEnded(end, this.#ready, this.#words)));
  }

  get closed(): boolean {
    return this.#closedBy !== undefined;
  }

  run(script: string, limits: RunLimits): Promise<ShellReply> {
    return new Promise((resolve, reject) => {
      this.#queue.push({ script, limits, resolve, reject });
      this.#options.onIdle?.(false);
      this.#next();
    });
  }

  /** Gives the shell up to a script that it runs without a frame. Rejects as `run` does. */
  async become(script: string, limits: RunLimits): Promise<Pipe> {
    this.#isPromised = true;
    await this.run(':', limits);
    if (this.#closedBy !== undefined) throw asClosed(this.#closedBy);
    this.#closedBy = new TransportError('closed', 'the shell runs a program');
    this.#options.onIdle?.(false);
    this.#pipe.write(`exec /bin/sh -c ${quoteArgument(script)}\n`);
    return this.#pipe;
  }

  close(): void {
    this.#end(new TransportError('closed', 'the shell was closed'));
  }

  #receive(chunk: Buffer): void {
    if (this.closed) return;
    if (this.#ready) return this.#current === undefined ? this.#countUnasked(chunk) : this.#current.receive(chunk);
    this.#starting?.received(chunk);
    const { before, after, report } = this.#start.receive(chunk);
    this.#words.add(before);
    this.#preamble += before.length;
    if (this.#preamble > LONGEST_PREAMBLE) {
      const message = `the host said more than ${LONGEST_PREAMBLE} bytes before it answered`;
      return this.#end(new TransportError('overflow', message));
    }
    if (after === null) return;
    this.#ready = true;
    if (report !== null) this.#options.onStart?.(report, noteOf(report, performance.now() - this.#createdAt));
    this.#starting?.end();
    this.#words.forget();
    this.#next();
  }

  /** A shell that goes on and on by itself is closed: reading it would take a core. */
  #countUnasked(chunk: Buffer): void {
    this.#unasked += chunk.length;
    if (this.#unasked <= LONGEST_PREAMBLE || this.closed) return;
    this.#end(
      new TransportError('overflow', `the host said more than ${LONGEST_PREAMBLE} bytes that were not asked for`),
    );
  }

  #next(): void {
    if (this.#current !== undefined) return;
    if (!this.#ready && this.#closedBy === undefined) return this.#awaitStart();
    const run = this.#queue.shift();
    if (run === undefined) return;
    if (this.#closedBy !== undefined) return run.reject(asClosed(this.#closedBy));
    this.#count += 1;
    this.#unasked = 0;
    const mark = `${this.#word}:${this.#count}`;
    this.#current = new Exchange(mark, run.limits, (result) => {
      this.#current = undefined;
      if (result instanceof TransportError) {
        run.reject(result);
        this.#end(result);
      } else {
        run.resolve(result);
        this.#next();
        if (this.#current === undefined && !this.#isPromised) this.#options.onIdle?.(true);
      }
    });
    this.#pipe.write(`printf '\\n%s<\\n' ${mark}\n{\n${run.script}\n} </dev/null\nprintf '\\n%s>\\n' ${mark}\n`);
  }

  #awaitStart(): void {
    const first = this.#queue[0];
    if (first === undefined || this.#starting !== undefined) return;
    this.#start.helpLater((text) => this.#pipe.write(text), this.#words);
    this.#starting = new RunGuard(first.limits, (error) => {
      if (error.kind === 'timeout') void this.#explainSilence(first.limits);
      else this.#end(error);
    });
  }

  /** A host without a word is waited for longer, unless it is found out why: start-up files may be slow. */
  async #explainSilence(limits: RunLimits): Promise<void> {
    const { idleTimeout } = limits;
    const why = silentStart(this.#words, idleTimeout) ?? (await this.#options.diagnose?.().catch(() => null)) ?? null;
    if (this.#ready || this.closed) return;
    if (why !== null) return this.#end(why);
    const longer = { ...limits, idleTimeout: idleTimeout * (SILENT_START - 1) };
    const seconds = Math.round((idleTimeout * SILENT_START) / 1000);
    this.#starting = new RunGuard(longer, (error) => {
      const silence = new TransportError('timeout', `no answer within ${seconds}s`);
      this.#end(error.kind === 'timeout' ? (silentStart(this.#words, idleTimeout * SILENT_START) ?? silence) : error);
    });
  }

  #end(error: TransportError): void {
    if (this.#closedBy !== undefined) return;
    this.#closedBy = error;
    this.#start.stop();
    this.#starting?.end();
    this.#options.onIdle?.(false);
    this.#pipe.kill();
    this.#current?.fail(error);
    for (const run of this.#queue.splice(0)) run.reject(error);
  }
}

/** For a run that comes too late: why the shell is gone, which is no failure of this run. */
function asClosed({ message, hint, kind }: TransportError): TransportError {
  return new TransportError(kind === 'no-shell' ? kind : 'closed', message, { hint: hint ?? undefined });
}
