interface Waiting {
  readonly start: () => void;
}

/** Milliseconds after which a task counts as slow. A host that answers at all mostly does within it. */
const SLOW_AFTER_MS = 2000;

/**
 * Runs a limited number of tasks at a time, in order. A slow task moves to a second lane and frees its place, so that
 * silent hosts do not hold up those that answer.
 */
export class WorkerPool {
  readonly #limit: number;
  readonly #slowAfter: number;
  readonly #slowLimit: number;
  readonly #queue: Waiting[] = [];
  #quick = 0;
  #slow = 0;

  /** @param slowLimit places in the second lane */
  constructor(limit: number, slowAfter = SLOW_AFTER_MS, slowLimit = limit) {
    this.#limit = limit;
    this.#slowAfter = slowAfter;
    this.#slowLimit = slowLimit;
  }

  run<Result>(task: () => Promise<Result>): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.#queue.push({ start: () => this.#watch(task()).then(resolve, reject) });
      this.#next();
    });
  }

  #next(): void {
    while (this.#quick < this.#limit) {
      const waiting = this.#queue.shift();
      if (waiting === undefined) return;
      this.#quick += 1;
      waiting.start();
    }
  }

  async #watch<Result>(running: Promise<Result>): Promise<Result> {
    let slow = false;
    const timer = setTimeout(() => {
      if (this.#slow >= this.#slowLimit) return;
      slow = true;
      this.#slow += 1;
      this.#quick -= 1;
      this.#next();
    }, this.#slowAfter);
    try {
      return await running;
    } finally {
      clearTimeout(timer);
      if (slow) this.#slow -= 1;
      else this.#quick -= 1;
      this.#next();
    }
  }
}
