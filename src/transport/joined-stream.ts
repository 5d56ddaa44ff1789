import { Duplex, type Readable, type Writable } from 'node:stream';

/**
 * Joins two halves into one stream that closes reliably: it closes when it is destroyed, even with unread data, and
 * `release` then gives up the halves. Node's own Duplex.from reports every early end as `Premature close`, and an ssh2
 * channel closes only once all was read.
 */
export class JoinedStream extends Duplex {
  readonly #input: Readable;
  readonly #output: Writable;
  readonly #release: () => void;

  constructor(input: Readable, output: Writable, release: () => void) {
    super({ allowHalfOpen: true });
    this.#input = input;
    this.#output = output;
    this.#release = release;
    // Without a listener, a lost connection would end the program.
    this.on('error', () => {});
    input.on('data', (chunk: Buffer) => {
      if (!this.destroyed && !this.push(chunk)) input.pause();
    });
    input.on('end', () => this.push(null));
  }

  override _read(): void {
    this.#input.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#output.write(chunk, done);
  }

  override _final(done: (error?: Error | null) => void): void {
    if (this.#output.destroyed) done();
    else this.#output.end(done);
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#release();
    done(error);
  }
}
