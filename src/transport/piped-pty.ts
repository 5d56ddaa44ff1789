import { PtyOutput } from './pty-output.ts';
import { type InteractiveExit, type Pipe, type Pty, type TerminalSize, TransportError } from './transport.ts';

/** Bytes within which the terminal's name must come. */
const MAX_BYTES_BEFORE_NAME = 65_536;
/** Milliseconds without a further change before a size is sent: a window being dragged changes often. */
const RESIZE_DELAY_MS = 150;

/**
 * A program on a terminal that the host makes, over a pipe: for logins that replace the program on an ssh terminal. A pipe carries no size, so
 * `sendSize` sets it separately.
 */
export class PipedPty implements Pty {
  readonly exit: Promise<InteractiveExit>;
  readonly #pipe: Pipe;
  readonly #sendSize: (terminal: string, size: TerminalSize) => Promise<void>;
  readonly #output = new PtyOutput();
  /** The output so far, one character per byte; `null` once the terminal's name has come. */
  #window: string | null = '';
  #terminal: string | null = null;
  #size: TerminalSize | null = null;
  #timer: NodeJS.Timeout | undefined;
  #giveUp: () => void = () => {};
  #over = false;

  /** @param name matches the name of the program's terminal, as its first group */
  constructor(pipe: Pipe, name: RegExp, sendSize: (terminal: string, size: TerminalSize) => Promise<void>) {
    this.#pipe = pipe;
    this.#sendSize = sendSize;
    const receive = (chunk: Buffer) => {
      this.#look(chunk, name);
      this.#output.push(chunk);
    };
    pipe.onData(receive);
    pipe.onErrors(receive);
    this.exit = new Promise((resolve, reject) => {
      pipe.onClose((end) => {
        this.#end();
        if (end instanceof TransportError) reject(end);
        else resolve(end);
      });
      this.#giveUp = () => reject(new TransportError('aborted', 'the program was cancelled'));
    });
    // Callers may ignore it.
    this.exit.catch(() => {});
  }

  write(data: string | Uint8Array): void {
    if (!this.#over) this.#pipe.write(data);
  }

  onData(listener: (chunk: Buffer) => void): () => void {
    return this.#output.onData(listener);
  }

  pause(): void {
    this.#pipe.pause();
  }

  resume(): void {
    this.#pipe.resume();
  }

  resize(columns: number, rows: number): void {
    this.#size = { columns, rows };
    this.#sendSizeLater();
  }

  close(): void {
    this.#end();
    this.#giveUp();
    this.#pipe.kill();
  }

  #end(): void {
    this.#over = true;
    clearTimeout(this.#timer);
  }

  #look(chunk: Buffer, name: RegExp): void {
    if (this.#window === null) return;
    this.#window += chunk.toString('latin1');
    const found = name.exec(this.#window)?.[1];
    if (found === undefined && this.#window.length < MAX_BYTES_BEFORE_NAME) return;
    this.#window = null;
    this.#terminal = found ?? null;
    this.#sendSizeLater();
  }

  #sendSizeLater(): void {
    if (this.#over) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      const [terminal, size] = [this.#terminal, this.#size];
      if (terminal === null || size === null) return;
      this.#size = null;
      // The program keeps its size.
      this.#sendSize(terminal, size).catch(() => {});
    }, RESIZE_DELAY_MS);
  }
}
