/** A time limit that is paused while the user thinks. */
export class Deadline {
  readonly #expire: () => void;
  #left: number;
  #since = performance.now();
  #timer: NodeJS.Timeout | undefined;
  #pauses = 0;
  #over = false;

  /** Calls `expire` once the unpaused time has passed. */
  constructor(milliseconds: number, expire: () => void) {
    this.#expire = expire;
    this.#left = milliseconds;
    this.#run();
  }

  /** Runs the wait without counting its time. */
  async exempt<T>(wait: () => Promise<T>): Promise<T> {
    this.#pauses += 1;
    if (this.#timer !== undefined) {
      clearTimeout(this.#timer);
      this.#timer = undefined;
      this.#left -= performance.now() - this.#since;
    }
    try {
      return await wait();
    } finally {
      this.#pauses -= 1;
      if (this.#pauses === 0) this.#run();
    }
  }

  stop(): void {
    this.#over = true;
    clearTimeout(this.#timer);
  }

  #run(): void {
    if (this.#over) return;
    this.#since = performance.now();
    this.#timer = setTimeout(this.#expire, Math.max(0, this.#left));
  }
}
