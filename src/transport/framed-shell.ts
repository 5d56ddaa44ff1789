import { randomBytes } from 'node:crypto';
import { RunGuard } from './run-guard.ts';
import { type RunLimits, type Shell, type ShellReply, TransportError } from './transport.ts';

/** The two ends of a running `sh`. */
export interface ShellPipe {
  write(text: string): void;
  onData(listener: (chunk: Buffer) => void): void;
  onClose(listener: (reason: string) => void): void;
  kill(): void;
}

interface Run {
  readonly script: string;
  readonly limits: RunLimits;
  readonly resolve: (reply: ShellReply) => void;
  readonly reject: (error: TransportError) => void;
}

/** Bytes of a reply that are kept to explain an answer that is none. */
const EXCERPT = 120;
/** Bytes that a banner, a profile and a login shell may say before the answer begins. */
const LONGEST_PREAMBLE = 2 ** 20;

/**
 * A persistent shell over a pipe. Each script is framed by lines that hold a random word, so whatever a login shell, a profile or a
 * banner prints before it is not taken for an answer.
 */
export class FramedShell implements Shell {
  readonly #pipe: ShellPipe;
  readonly #onIdle: (idle: boolean) => void;
  readonly #word = randomBytes(9).toString('hex');
  readonly #queue: Run[] = [];
  #current: Exchange | undefined;
  #count = 0;
  #closedBy: string | undefined;

  /** `onIdle` is told whenever the shell has nothing to do any more, or has again. */
  constructor(pipe: ShellPipe, onIdle: (idle: boolean) => void = () => {}) {
    this.#pipe = pipe;
    this.#onIdle = onIdle;
    pipe.onData((chunk) => this.#current?.receive(chunk));
    pipe.onClose((reason) => this.#end(new TransportError('closed', reason)));
  }

  get closed(): boolean {
    return this.#closedBy !== undefined;
  }

  run(script: string, limits: RunLimits): Promise<ShellReply> {
    return new Promise((resolve, reject) => {
      this.#queue.push({ script, limits, resolve, reject });
      this.#onIdle(false);
      this.#next();
    });
  }

  close(): void {
    this.#end(new TransportError('closed', 'the shell was closed'));
  }

  #next(): void {
    if (this.#current !== undefined) return;
    const run = this.#queue.shift();
    if (run === undefined) return;
    if (this.#closedBy !== undefined) return run.reject(new TransportError('closed', this.#closedBy));
    this.#count += 1;
    const mark = `${this.#word}:${this.#count}`;
    this.#current = new Exchange(mark, run.limits, (result) => {
      this.#current = undefined;
      if (result instanceof TransportError) {
        run.reject(result);
        this.#end(result);
      } else {
        run.resolve(result);
        this.#next();
        if (this.#current === undefined) this.#onIdle(true);
      }
    });
    this.#pipe.write(`printf '\\n%s<\\n' ${mark}\n{\n${run.script}\n} </dev/null\nprintf '\\n%s>\\n' ${mark}\n`);
  }

  #end(error: TransportError): void {
    if (this.#closedBy !== undefined) return;
    this.#closedBy = error.message;
    this.#onIdle(false);
    this.#pipe.kill();
    this.#current?.fail(error);
    for (const run of this.#queue.splice(0)) run.reject(error);
  }
}

/** One script and its answer. Calls `done` once. */
class Exchange {
  readonly #begin: Buffer;
  readonly #end: Buffer;
  readonly #limits: RunLimits;
  readonly #done: (result: ShellReply | TransportError) => void;
  readonly #sentAt = performance.now();
  readonly #guard: RunGuard;
  /** Bytes before the answer, and the end of them. */
  #preamble = 0;
  #said: Buffer = Buffer.alloc(0);
  #tail: Buffer = Buffer.alloc(0);
  readonly #chunks: Buffer[] = [];
  #latency: number | undefined;
  #over = false;

  constructor(mark: string, limits: RunLimits, done: (result: ShellReply | TransportError) => void) {
    this.#begin = Buffer.from(`\n${mark}<\n`);
    this.#end = Buffer.from(`\n${mark}>\n`);
    this.#limits = limits;
    this.#done = done;
    this.#guard = new RunGuard(
      limits,
      (error) => this.fail(error),
      () => this.#silence(),
    );
  }

  receive(chunk: Buffer): void {
    if (this.#over) return;
    this.#guard.received(chunk);
    if (this.#over) return;
    if (this.#latency === undefined) this.#awaitBegin(chunk);
    else this.#awaitEnd(chunk);
  }

  fail(error: TransportError): void {
    this.#finish(error);
  }

  /** What was said before is kept no longer than to find a mark that is split over chunks, and to quote it. */
  #awaitBegin(chunk: Buffer): void {
    const window = Buffer.concat([this.#said, chunk]);
    const at = window.indexOf(this.#begin);
    const length = this.#preamble - this.#said.length + (at < 0 ? window.length : at);
    if (length > LONGEST_PREAMBLE) {
      this.fail(new TransportError('overflow', `the host said more than ${LONGEST_PREAMBLE} bytes before it answered`));
    } else if (at < 0) {
      this.#preamble = length;
      this.#said = window.subarray(-Math.max(this.#begin.length, EXCERPT));
    } else {
      this.#latency = performance.now() - this.#sentAt;
      this.#said = Buffer.alloc(0);
      // An empty answer starts with the newline that ends the first mark.
      this.#awaitEnd(Buffer.concat([Buffer.from('\n'), window.subarray(at + this.#begin.length)]));
    }
  }

  /** The end mark may be split over chunks, so each is searched together with the end of those before it. */
  #awaitEnd(chunk: Buffer): void {
    const window = Buffer.concat([this.#tail, chunk]);
    this.#chunks.push(chunk);
    if (window.includes(this.#end)) return this.#complete(Buffer.concat(this.#chunks));
    this.#tail = window.subarray(-this.#end.length);
  }

  #complete(received: Buffer): void {
    const output = received.subarray(0, received.indexOf(this.#end)).toString('utf8').slice(1);
    this.#finish({ output, latency: this.#latency ?? 0 });
  }

  #silence(): TransportError {
    const seconds = Math.round(this.#limits.idleTimeout / 1000);
    const said = this.#said.subarray(-EXCERPT).toString('utf8').replace(/\s+/g, ' ').trim();
    if (said === '') return new TransportError('timeout', `no answer within ${seconds}s`);
    return new TransportError('protocol', `no shell answered within ${seconds}s; the host said: ${said}`);
  }

  #finish(result: ShellReply | TransportError): void {
    if (this.#over) return;
    this.#over = true;
    this.#guard.end();
    this.#done(result);
  }
}
