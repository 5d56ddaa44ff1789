/**
 * Keeps ocr's own output, such as a bell or a clipboard sequence, out of another program's output: it waits until the
 * terminal is given back, unless it fits between two sequences of that program.
 */
export class LentTerminal {
  readonly #write: (text: string) => void;
  readonly #insert: (text: string) => boolean;
  #lent = 0;
  #waiting = '';

  /** @param insert writes between the sequences of the program that has the terminal; false when that cannot be done */
  constructor(write: (text: string) => void, insert: (text: string) => boolean) {
    this.#write = write;
    this.#insert = insert;
  }

  get isLent(): boolean {
    return this.#lent > 0;
  }

  write(text: string): void {
    if (!this.isLent) this.#write(text);
    else if (!this.#insert(text)) this.#waiting += text;
  }

  /** Runs a callback that gives the terminal to another program. */
  async lend(callback: () => Promise<void>): Promise<void> {
    this.#lent += 1;
    try {
      await callback();
    } finally {
      this.#lent -= 1;
      const text = this.#waiting;
      if (!this.isLent && text !== '') {
        this.#waiting = '';
        this.#write(text);
      }
    }
  }
}
