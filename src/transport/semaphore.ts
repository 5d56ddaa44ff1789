/** Limits how many tasks run at a time. Waiting tasks start in order. */
export class Semaphore {
  #free: number;
  readonly #waiting: (() => void)[] = [];

  constructor(count: number) {
    this.#free = count;
  }

  /** Runs a task with a slot. Waits made through `unheld` free the slot meanwhile. */
  async run<Result>(task: (unheld: Unheld) => Promise<Result>): Promise<Result> {
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

/** Runs a wait, such as for the user, while another task uses the slot. */
export type Unheld = <Result>(wait: () => Promise<Result>) => Promise<Result>;
