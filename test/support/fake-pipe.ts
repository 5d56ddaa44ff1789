import type { ShellStart } from '../../src/transport/shell-start.ts';
import type { InteractiveExit, Pipe, TransportError } from '../../src/transport/transport.ts';

/** A pipe to a shell that only says what the test makes it say. */
export class FakePipe implements Pipe {
  readonly written: string[] = [];
  killed = 0;
  #data: (chunk: Buffer) => void = () => {};
  #errors: (chunk: Buffer) => void = () => {};
  #close: (end: InteractiveExit | TransportError) => void = () => {};

  write(data: string | Uint8Array): void {
    this.written.push(Buffer.from(data).toString());
  }

  onData(listener: (chunk: Buffer) => void): void {
    this.#data = listener;
  }

  onErrors(listener: (chunk: Buffer) => void): void {
    this.#errors = listener;
  }

  onClose(listener: (end: InteractiveExit | TransportError) => void): void {
    this.#close = listener;
  }

  pause(): void {}
  resume(): void {}

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

  complain(text: string): void {
    this.#errors(Buffer.from(text));
  }

  /** Says what a shell says when it has started: by the command of `start`, or by the line that was sent last. */
  startUp({ command }: ShellStart, loginShell = '/bin/bash'): void {
    const [mark] = [command, ...this.written].flatMap((text) => /ocr-\w+-\d+/.exec(text)?.[0] ?? []).slice(-1);
    this.say(`\n${mark}=${loginShell}=\n`);
  }

  end(end: InteractiveExit | TransportError): void {
    this.#close(end);
  }
}
