import { EXIT, VerbError } from '../verbs/exit-status.ts';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Says when a verb should stop: after a time, or at the user's signal. `close` it in the end. */
export class VerbStop {
  readonly #stop = new AbortController();
  readonly #exit: (status: number) => void;
  readonly #timer: NodeJS.Timeout | undefined;
  #signals = 0;

  /**
   * @param timeout milliseconds; `undefined` for any time
   * @param exit ends the process at once
   */
  constructor(timeout: number | undefined, exit: (status: number) => void = process.exit) {
    this.#exit = exit;
    if (timeout !== undefined) {
      const giveUp = () => this.#stop.abort(new VerbError(EXIT.timedOut, `gave up after ${timeout / 1000} s`));
      this.#timer = setTimeout(giveUp, timeout);
    }
    for (const name of SIGNALS) process.on(name, this.#onSignal);
  }

  /** Aborts with a VerbError. */
  get signal(): AbortSignal {
    return this.#stop.signal;
  }

  close(): void {
    clearTimeout(this.#timer);
    for (const name of SIGNALS) process.off(name, this.#onSignal);
  }

  readonly #onSignal = () => {
    this.#signals += 1;
    // A second signal does not wait for the clean-up after the first. One after the timeout is a first one.
    if (this.#signals > 1) this.#exit(EXIT.interrupted);
    else this.#stop.abort(new VerbError(EXIT.interrupted, 'interrupted'));
  };
}
