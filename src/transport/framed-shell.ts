import { randomBytes } from 'node:crypto';
import { quoteArgument } from '../lib/shell-quote.ts';
import { LastWords } from './last-words.ts';
import { noteOf, shellEnded, silentStart } from './no-shell.ts';
import { RunGuard } from './run-guard.ts';
import { Exchange, MAX_PREAMBLE_BYTES } from './shell-exchange.ts';
import type { ShellStart, StartReport } from './shell-start.ts';
import { type Pipe, type RunLimits, type Shell, type ShellReply, TransportError } from './transport.ts';

export interface FramedShellOptions {
  /** Called whenever the shell becomes idle or busy. */
  readonly onIdle?: (idle: boolean) => void;
  /** Called once the shell runs, with a note for the user about its start. */
  readonly onStart?: (report: StartReport, note: string | null) => void;
  /** Diagnoses a shell that does not start and prints nothing; `null` if the cause stays unknown. */
  readonly diagnose?: () => Promise<TransportError | null>;
}

interface Run {
  readonly script: string;
  readonly limits: RunLimits;
  readonly resolve: (reply: ShellReply) => void;
  readonly reject: (error: TransportError) => void;
}

/** Timeout of a silent start, as a multiple of a run's. */
const SILENT_START_FACTOR = 3;

/**
 * A persistent shell over a pipe. Sends no script before the shell has proven that it runs (`ShellStart`). Frames each script by lines with a random
 * word, so that output of a profile or a background process is never taken for an answer.
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
  /** Bytes received before the shell was ready. */
  #preamble = 0;
  /** Applies the limits of the first run to the start. */
  #starting: RunGuard | undefined;
  #current: Exchange | undefined;
  #count = 0;
  /** Bytes since the last script that do not belong to its answer. */
  #unasked = 0;
  #closedBy: TransportError | undefined;
  /** True if it will be handed over to a script, so that it never becomes idle again. */
  #isPromised = false;

  /** `start` made the pipe's command. */
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

  /** Hands the shell over to a script that it runs without a frame. Rejects as `run` does. */
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
    if (this.#preamble > MAX_PREAMBLE_BYTES) {
      const message = `the host sent more than ${MAX_PREAMBLE_BYTES} bytes before it answered`;
      return this.#end(new TransportError('overflow', message));
    }
    if (after === null) return;
    this.#ready = true;
    if (report !== null) this.#options.onStart?.(report, noteOf(report, performance.now() - this.#createdAt));
    this.#starting?.end();
    this.#words.forget();
    this.#next();
  }

  /** Closes a shell that prints endlessly by itself: reading it would take a core. */
  #countUnasked(chunk: Buffer): void {
    this.#unasked += chunk.length;
    if (this.#unasked <= MAX_PREAMBLE_BYTES || this.closed) return;
    this.#end(new TransportError('overflow', `the host sent more than ${MAX_PREAMBLE_BYTES} unrequested bytes`));
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

  async #diagnose(): Promise<TransportError | null> {
    if (!this.#words.silent) return null;
    return (await this.#options.diagnose?.().catch(() => null)) ?? null;
  }

  /** Waits longer, unless the host asks something or the cause is found: start-up files may be slow, and say so. */
  async #explainSilence(limits: RunLimits): Promise<void> {
    const { idleTimeout } = limits;
    const why = this.#words.asks ? silentStart(this.#words, idleTimeout) : await this.#diagnose();
    if (this.#ready || this.closed) return;
    if (why !== null) return this.#end(why);
    const longer = { ...limits, idleTimeout: idleTimeout * (SILENT_START_FACTOR - 1) };
    const seconds = Math.round((idleTimeout * SILENT_START_FACTOR) / 1000);
    this.#starting = new RunGuard(longer, (error) => {
      const silence = new TransportError('timeout', `no answer within ${seconds}s`);
      this.#end(
        error.kind === 'timeout' ? (silentStart(this.#words, idleTimeout * SILENT_START_FACTOR) ?? silence) : error,
      );
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

/** Returns why the shell is gone, for a run that comes too late; not a failure of that run. */
function asClosed({ message, hint, kind }: TransportError): TransportError {
  return new TransportError(kind === 'no-shell' ? kind : 'closed', message, { hint: hint ?? undefined });
}
