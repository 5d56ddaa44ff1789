import { PtyOutput } from '../pty-output.ts';
import type { InteractiveExit, Pty, PtyRequest } from '../transport.ts';
import type { PtyProcess } from './pty-process.ts';

/** A program on a pty that is started again if its host had no room for it at first. */
export class ChildPty implements Pty {
  readonly exit: Promise<InteractiveExit>;
  readonly #output = new PtyOutput();
  readonly #giveUp = new AbortController();
  #request: PtyRequest;
  #process: PtyProcess | undefined;

  /** @param run starts the program and settles with its end. The signal gives it up. */
  constructor(request: PtyRequest, run: (pty: ChildPty, givenUp: AbortSignal) => Promise<InteractiveExit>) {
    this.#request = request;
    this.exit = run(this, this.#giveUp.signal);
    // Callers may ignore it.
    this.exit.catch(() => {});
  }

  /** Attaches to the process that `start` creates. */
  runBy(start: (request: PtyRequest, receive: (chunk: Buffer) => void) => PtyProcess): PtyProcess {
    this.#process = start(this.#request, (chunk) => this.#output.push(chunk));
    return this.#process;
  }

  write(data: string | Uint8Array): void {
    this.#process?.write(data);
  }

  onData(listener: (chunk: Buffer) => void): () => void {
    return this.#output.onData(listener);
  }

  pause(): void {
    this.#process?.pause();
  }

  resume(): void {
    this.#process?.resume();
  }

  resize(columns: number, rows: number): void {
    this.#request = { ...this.#request, columns, rows };
    this.#process?.resize(columns, rows);
  }

  close(): void {
    this.#giveUp.abort();
  }
}
