import { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import type { Terminal } from '../transport/transport.ts';
import { TerminalAnswers } from './terminal-answers.ts';

/** Milliseconds after which Escape is that key, and not the begin of another one or of an answer. */
const ESCAPE_MS = 30;
/** Milliseconds after which the rest of an answer does not come any more. A slow line may cut one in two. */
const ANSWER_MS = 500;

/** The part of a terminal's input that comes from its keyboard, as a stream of text. It reads the terminal only in raw mode. */
export class KeyboardInput extends Readable {
  readonly isTTY = true;
  readonly #terminal: Terminal['stdin'];
  readonly #answers = new TerminalAnswers();
  #decoder = new StringDecoder('utf8');
  #isRaw = false;
  #timer: NodeJS.Timeout | undefined;
  readonly #receive = (chunk: Buffer | string) => {
    clearTimeout(this.#timer);
    this.#pass(this.#answers.push(typeof chunk === 'string' ? chunk : this.#decoder.write(chunk)).keys);
    const { held } = this.#answers;
    if (held === 'nothing') return;
    this.#timer = setTimeout(() => this.#pass(this.#answers.giveUp()), held === 'key' ? ESCAPE_MS : ANSWER_MS);
  };

  constructor(terminal: Terminal['stdin']) {
    super({ encoding: 'utf8' });
    this.#terminal = terminal;
  }

  override _read(): void {}

  setRawMode(isRaw: boolean): this {
    // Even to set the same mode again stops a process in the background.
    if (isRaw === this.#isRaw) return this;
    this.#isRaw = isRaw;
    this.#terminal.setRawMode(isRaw);
    this.#terminal.off('data', this.#receive);
    if (isRaw) {
      this.#terminal.on('data', this.#receive);
      this.#terminal.resume();
    } else {
      this.#stop();
    }
    return this;
  }

  ref(): this {
    this.#terminal.ref();
    return this;
  }

  unref(): this {
    this.#terminal.unref();
    return this;
  }

  /** Keys that were not read yet were meant for what had the terminal until now. */
  #stop(): void {
    clearTimeout(this.#timer);
    this.#terminal.pause();
    this.#answers.giveUp();
    this.#decoder = new StringDecoder('utf8');
    this.read();
  }

  #pass(keys: string): void {
    if (keys !== '') this.push(keys, 'utf8');
  }
}
