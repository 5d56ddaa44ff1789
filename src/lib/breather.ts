import { sleep } from './abort.ts';

/** Milliseconds of work that may be done at one go. */
const WORK_MS = 20;
/** How many times as long as the work the pause after it is. */
const REST = 3;

/** Keeps work that another machine decides the amount of to a share of this program's time. */
export class Breather {
  #worked = 0;

  /** Does a piece of work, and tells its result. */
  work<Result>(piece: () => Result): Result {
    const begun = performance.now();
    try {
      return piece();
    } finally {
      this.#worked += performance.now() - begun;
    }
  }

  /** Pauses when there was much work since the last pause. Never rejects. */
  async rest(signal: AbortSignal): Promise<void> {
    if (this.#worked < WORK_MS) return;
    const pause = this.#worked * REST;
    this.#worked = 0;
    await sleep(pause, signal);
  }
}
