import { PtyOutput } from './pty-output.ts';
import type { InteractiveExit, Pty } from './transport.ts';

/** A program on a pty that passes on only the part of its output that the subclass pushes. */
export abstract class FilteredPty implements Pty {
  abstract readonly exit: Promise<InteractiveExit>;
  protected readonly pty: Pty;
  protected readonly output = new PtyOutput();

  constructor(pty: Pty) {
    this.pty = pty;
  }

  write(data: string | Uint8Array): void {
    this.pty.write(data);
  }

  onData(listener: (chunk: Buffer) => void): () => void {
    return this.output.onData(listener);
  }

  pause(): void {
    this.pty.pause();
  }

  resume(): void {
    this.pty.resume();
  }

  resize(columns: number, rows: number): void {
    this.pty.resize(columns, rows);
  }

  close(): void {
    this.pty.close();
  }

  /** @param rest one character per byte; an empty one passes on nothing */
  protected pass(rest: string): void {
    if (rest !== '') this.output.push(Buffer.from(rest, 'latin1'));
  }
}
