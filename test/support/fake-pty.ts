import { PtyOutput } from '../../src/transport/pty-output.ts';
import { type InteractiveExit, type Pty, TransportError } from '../../src/transport/transport.ts';

/** A program on a pty that prints and ends when the test says so. */
export class FakePty implements Pty {
  readonly #output = new PtyOutput();
  readonly #exit = Promise.withResolvers<InteractiveExit>();
  readonly exit = this.#exit.promise;
  /** The typed input, as text. */
  typed = '';
  /** Columns and rows, as they were told. */
  readonly sizes: [number, number][] = [];
  paused = false;
  closed = false;

  constructor() {
    this.exit.catch(() => {});
  }

  print(text: string | Uint8Array): void {
    this.#output.push(bytesOf(text));
  }

  end(exit: Partial<InteractiveExit> = {}): void {
    this.#exit.resolve({ code: 0, signal: null, ...exit });
  }

  lose(): void {
    this.#exit.reject(new TransportError('closed', 'the connection was lost'));
  }

  write(data: string | Uint8Array): void {
    this.typed += bytesOf(data).toString('utf8');
  }

  onData(listener: (chunk: Buffer) => void): () => void {
    return this.#output.onData(listener);
  }

  pause(): void {
    this.paused = true;
  }

  resume(): void {
    this.paused = false;
  }

  resize(columns: number, rows: number): void {
    this.sizes.push([columns, rows]);
  }

  close(): void {
    this.closed = true;
    this.#exit.reject(new TransportError('aborted', 'the program was cancelled'));
  }
}

function bytesOf(data: string | Uint8Array): Buffer {
  return typeof data === 'string' ? Buffer.from(data) : Buffer.from(data);
}
