import { sleep } from './abort.ts';

/** Milliseconds of work before a pause. */
const WORK_SLICE_MS = 20;
/** Length of the pause, as a multiple of the work before it. */
const REST_FACTOR = 3;

/** Limits work whose amount another machine decides to a share of this program's time. */
export class Breather {
  #worked = 0;

  /** Runs a piece of work and returns its result. */
  work<Result>(piece: () => Result): Result {
    const begun = performance.now();
    try {
      return piece();
    } finally {
      this.#worked += performance.now() - begun;
    }
  }

  /** Pauses if much work was done since the last pause. Never rejects. */
  async rest(signal: AbortSignal): Promise<void> {
    if (this.#worked < WORK_SLICE_MS) return;
    const pause = this.#worked * REST_FACTOR;
    this.#worked = 0;
    await sleep(pause, signal);
  }
}
