import { RunGuard } from './run-guard.ts';
import { type RunLimits, type ShellReply, TransportError } from './transport.ts';

/** Bytes that a host may print before an answer begins. */
export const MAX_PREAMBLE_BYTES = 2 ** 20;

/** One script and its answer. Calls `done` once. */
export class Exchange {
  readonly #begin: Buffer;
  readonly #end: Buffer;
  readonly #done: (result: ShellReply | TransportError) => void;
  readonly #sentAt = performance.now();
  readonly #guard: RunGuard;
  /** The count of bytes before the answer, and their end. */
  #preamble = 0;
  #window: Buffer = Buffer.alloc(0);
  #tail: Buffer = Buffer.alloc(0);
  readonly #chunks: Buffer[] = [];
  #latency: number | undefined;
  #over = false;

  constructor(mark: string, limits: RunLimits, done: (result: ShellReply | TransportError) => void) {
    this.#begin = Buffer.from(`\n${mark}<\n`);
    this.#end = Buffer.from(`\n${mark}>\n`);
    this.#done = done;
    this.#guard = new RunGuard(limits, (error) => this.fail(error));
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

  /** Skips output of programs that earlier scripts left running. Keeps only enough of it for a mark split over chunks. */
  #awaitBegin(chunk: Buffer): void {
    const window = Buffer.concat([this.#window, chunk]);
    const at = window.indexOf(this.#begin);
    this.#preamble += at < 0 ? chunk.length : 0;
    if (this.#preamble > MAX_PREAMBLE_BYTES) {
      this.fail(
        new TransportError('overflow', `the host sent more than ${MAX_PREAMBLE_BYTES} bytes before it answered`),
      );
    } else if (at < 0) {
      this.#window = window.subarray(-this.#begin.length);
    } else {
      this.#latency = performance.now() - this.#sentAt;
      this.#window = Buffer.alloc(0);
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

  #finish(result: ShellReply | TransportError): void {
    if (this.#over) return;
    this.#over = true;
    this.#guard.end();
    this.#done(result);
  }
}
