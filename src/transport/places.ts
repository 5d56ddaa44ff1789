/** Gives so many places at a time to those who come, in their order. */
export class Places {
  #free: number;
  readonly #waiting: (() => void)[] = [];

  constructor(count: number) {
    this.#free = count;
  }

  /** Runs a task in a place. What it waits for through `away` is waited for without the place. */
  async run<Result>(task: (away: Away) => Promise<Result>): Promise<Result> {
    await this.#take();
    try {
      return await task(async (wait) => {
        this.#give();
        try {
          return await wait();
        } finally {
          await this.#take();
        }
      });
    } finally {
      this.#give();
    }
  }

  async #take(): Promise<void> {
    if (this.#free > 0) this.#free -= 1;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  #give(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#free += 1;
    else next();
  }
}

/** Waits for something, such as a person, while another has the place. */
export type Away = <Result>(wait: () => Promise<Result>) => Promise<Result>;
