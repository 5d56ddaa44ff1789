import type { Readable, Writable } from 'node:stream';
import { Duplex } from 'node:stream';
import type { RunningChild } from './child-process.ts';
import { TransportError } from './transport.ts';

/** The standard input and output of a child as one stream. The child ends with it, and it with the child: with an error when that failed. */
export function streamOver(child: RunningChild): Duplex {
  const { stdin, stdout } = child.process;
  if (stdin === null || stdout === null) throw new TransportError('protocol', 'the child has no pipes');
  return new ChildStream(child, stdin, stdout);
}

/** Node's own Duplex.from tells of every early end as `Premature close`, before the child can say why it ended. */
class ChildStream extends Duplex {
  readonly #child: RunningChild;
  readonly #input: Writable;
  readonly #output: Readable;

  constructor(child: RunningChild, input: Writable, output: Readable) {
    super({ allowHalfOpen: true });
    this.#child = child;
    this.#input = input;
    this.#output = output;
    // A connection that goes while nobody listens is no reason to end the program.
    this.on('error', () => {});
    output.on('data', (chunk: Buffer) => {
      if (!this.push(chunk)) output.pause();
    });
    output.pause();
    child.ended.then((end) => {
      if (end instanceof TransportError) this.destroy(end);
      else if (end.code !== 0) this.destroy(new TransportError('closed', 'the connection was lost'));
      else this.push(null);
    });
  }

  override _read(): void {
    this.#output.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    // What cannot be written any more is told of by the end of the child.
    if (this.#input.destroyed) done();
    else this.#input.write(chunk, () => done());
  }

  override _final(done: () => void): void {
    this.#input.end(() => done());
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#child.kill();
    done(error);
  }
}
