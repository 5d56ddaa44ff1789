import { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import { setImmediate } from 'node:timers/promises';
import type { MouseEvent } from '../domain/mouse.ts';
import { Listeners } from '../lib/listeners.ts';
import type { Terminal } from '../transport/transport.ts';
import { parseMouseReports } from './mouse-reports.ts';
import { PASTE_END, TerminalAnswers } from './terminal-answers.ts';

/** Milliseconds after which Escape is that key, and not the start of another key or an answer. */
const ESCAPE_TIMEOUT_MS = 30;
/** Milliseconds after which the rest of an answer counts as lost. A slow line may split one. */
const ANSWER_TIMEOUT_MS = 500;

/** The keyboard's part of a terminal's input, as a stream of text. Reads the terminal only in raw mode. */
export class KeyboardInput extends Readable {
  readonly isTTY = true;
  readonly #terminal: Terminal['stdin'];
  readonly #onKeys: (keys: string) => void;
  #answers = new TerminalAnswers();
  #decoder = new StringDecoder('utf8');
  #isRaw = false;
  #isClosed = false;
  #timer: NodeJS.Timeout | undefined;
  #onAnswers: (answers: string) => void = () => {};
  readonly #mouse = new Listeners<MouseEvent>();
  readonly #receive = (chunk: Buffer | string) => {
    clearTimeout(this.#timer);
    const input = this.#answers.push(typeof chunk === 'string' ? chunk : this.#decoder.write(chunk));
    this.#pass(input.keys);
    if (input.answers !== '') this.#onAnswers(input.answers);
    for (const event of parseMouseReports(input.reports)) this.#mouse.call(event);
    const { held } = this.#answers;
    if (held === 'nothing') return;
    this.#timer = setTimeout(
      () => this.#pass(this.#answers.giveUp()),
      held === 'key' ? ESCAPE_TIMEOUT_MS : ANSWER_TIMEOUT_MS,
    );
  };

  /** @param onKeys receives the keys before they are handed on */
  constructor(terminal: Terminal['stdin'], onKeys: (keys: string) => void = () => {}) {
    super({ encoding: 'utf8' });
    this.#terminal = terminal;
    this.#onKeys = onKeys;
  }

  override _read(): void {}

  setRawMode(isRaw: boolean): this {
    // In the background, even setting the same mode stops a process.
    if (isRaw === this.#isRaw || this.#isClosed) return this;
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

  /**
   * Resolves to the terminal's answers to a question that was just written: once they match `end`, else after `timeout` milliseconds. What the user types
   * meanwhile goes to the reader of keys.
   */
  async answersUntil(end: RegExp, timeout: number): Promise<string> {
    let heard = '';
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, timeout);
      this.#onAnswers = (answers) => {
        heard += answers;
        if (!end.test(heard)) return;
        clearTimeout(timer);
        resolve();
      };
    });
    this.#onAnswers = () => {};
    return heard;
  }

  /** Calls the listener for each report of the mouse, which is never passed on as keys. Returns a function that removes it. */
  onMouse(listener: (event: MouseEvent) => void): () => void {
    return this.#mouse.add(listener);
  }

  /** Leaves the keys to another program while the callback runs. */
  async lend(callback: () => Promise<void>): Promise<void> {
    const wasRaw = this.#isRaw;
    this.setRawMode(false);
    // A read in flight would take the next keys from that program. A stream can be paused for good from the next turn on.
    await setImmediate();
    this.#terminal.pause();
    try {
      await callback();
    } finally {
      this.setRawMode(wasRaw);
    }
  }

  /** Leaves the keys to other programs for good. */
  close(): void {
    this.setRawMode(false);
    this.#isClosed = true;
  }

  ref(): this {
    this.#terminal.ref();
    return this;
  }

  unref(): this {
    this.#terminal.unref();
    return this;
  }

  /** Drops unread keys: they were meant for the terminal's previous owner. */
  #stop(): void {
    clearTimeout(this.#timer);
    this.#terminal.pause();
    this.#decoder = new StringDecoder('utf8');
    this.read();
    // The reader would take all that comes later for the rest of a paste.
    if (this.#answers.isPasting) this.push(PASTE_END, 'utf8');
    this.#answers = new TerminalAnswers();
  }

  #pass(keys: string): void {
    if (keys === '') return;
    this.#onKeys(keys);
    this.push(keys, 'utf8');
  }
}
