import { UserError } from '../lib/errors.ts';

/**
 * Keeps ocr's own output, such as a bell or a clipboard sequence, out of another program's output: it waits until the
 * terminal is given back, unless it fits between two sequences of that program.
 */
export class LentTerminal {
  readonly #write: (text: string) => void;
  readonly #insert: (text: string) => boolean;
  #isLent = false;
  #waiting = '';

  /** @param insert writes between the sequences of the program that has the terminal; false when that cannot be done */
  constructor(write: (text: string) => void, insert: (text: string) => boolean) {
    this.#write = write;
    this.#insert = insert;
  }

  get isLent(): boolean {
    return this.#isLent;
  }

  write(text: string): void {
    if (!this.isLent) this.#write(text);
    else if (!this.#insert(text)) this.#waiting += text;
  }

  /** Runs a callback that gives the terminal to another program. Rejects with a UserError while one has it. */
  async lend(callback: () => Promise<void>): Promise<void> {
    if (this.#isLent) throw new UserError('another program has the terminal');
    this.#isLent = true;
    try {
      await callback();
    } finally {
      this.#isLent = false;
      const text = this.#waiting;
      this.#waiting = '';
      if (text !== '') this.#write(text);
    }
  }
}
