import { Duplex, type Readable, type Writable } from 'node:stream';
import { TransportError } from '../transport.ts';
import type { RunningChild } from './child-process.ts';

/** The standard input and output of a child as one stream. The child ends with it, and it with the child: with an error when that failed. */
export function streamOver(child: RunningChild): Duplex {
  return new ChildStream(child);
}

class ChildStream extends Duplex {
  readonly #child: RunningChild;
  readonly #stdin: Writable;
  readonly #stdout: Readable;

  constructor(child: RunningChild) {
    super({ allowHalfOpen: true });
    const { stdin, stdout } = child.process;
    if (stdin === null || stdout === null) throw new TransportError('protocol', 'the child has no pipes');
    this.#child = child;
    this.#stdin = stdin;
    this.#stdout = stdout;
    // A connection that goes while nobody listens is no reason to end the program.
    this.on('error', () => {});
    stdout.on('data', (chunk: Buffer) => {
      if (!this.push(chunk)) stdout.pause();
    });
    stdout.on('end', () => this.push(null));
    child.ended.then((end) => {
      if (end instanceof TransportError) this.destroy(end);
      else if (end.code === 0 && stdout.readableEnded) this.end();
      else this.destroy(new TransportError('closed', 'the connection was lost'));
    });
  }

  override _read(): void {
    this.#stdout.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, callback: (error?: Error | null) => void): void {
    this.#stdin.write(chunk, callback);
  }

  override _final(callback: (error?: Error | null) => void): void {
    if (this.#stdin.destroyed) callback();
    else this.#stdin.end(callback);
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    this.#child.kill();
    callback(error);
  }
}
