import type { ShellPipe } from '../../src/transport/framed-shell.ts';

/** A pipe to a shell that only says what the test makes it say. */
export class FakePipe implements ShellPipe {
  readonly written: string[] = [];
  killed = 0;
  #data: (chunk: Buffer) => void = () => {};
  #close: (reason: string) => void = () => {};

  write(text: string): void {
    this.written.push(text);
  }

  onData(listener: (chunk: Buffer) => void): void {
    this.#data = listener;
  }

  onClose(listener: (reason: string) => void): void {
    this.#close = listener;
  }

  kill(): void {
    this.killed += 1;
  }

  /** The word that frames the last script. */
  get mark(): string {
    return /printf '\\n%s<\\n' (\S+)/.exec(this.written.at(-1) ?? '')?.[1] ?? '';
  }

  say(text: string | Buffer): void {
    this.#data(Buffer.from(text));
  }

  /** Answers the last script, as a shell would. */
  answer(output: string): void {
    this.say(`\n${this.mark}<\n${output}\n${this.mark}>\n`);
  }

  end(reason: string): void {
    this.#close(reason);
  }
}
