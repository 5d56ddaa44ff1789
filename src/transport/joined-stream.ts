import { Duplex, type Readable, type Writable } from 'node:stream';

/**
 * Two halves as one stream that tells its end reliably: it closes when it is destroyed, whatever lies unread in it, and `release` then gives up the
 * halves. Node's own Duplex.from tells of every early end as `Premature close`, and a channel of ssh2 closes only once all was read.
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
    // A connection that goes while nobody listens is no reason to end the program.
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
