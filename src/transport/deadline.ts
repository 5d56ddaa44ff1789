/** A time limit that stands still while a person is asked. */
export class Deadline {
  readonly #milliseconds: number;
  readonly #expire: () => void;
  #timer: NodeJS.Timeout | undefined;
  #over = false;

  /** Starts at once; `expire` is called at most once. */
  constructor(milliseconds: number, expire: () => void) {
    this.#milliseconds = milliseconds;
    this.#expire = expire;
    this.#start();
  }

  /** Runs `ask` without the clock, which starts anew after it. */
  async without<Result>(ask: () => Promise<Result>): Promise<Result> {
    clearTimeout(this.#timer);
    try {
      return await ask();
    } finally {
      this.#start();
    }
  }

  end(): void {
    this.#over = true;
    clearTimeout(this.#timer);
  }

  #start(): void {
    if (!this.#over) this.#timer = setTimeout(this.#expire, this.#milliseconds);
  }
}
