import type { EventEmitter } from 'node:events';

/** Signals that a terminal's keys send to every process on it in its usual mode (Ctrl-C, Ctrl-\). */
const BY_KEYS = ['SIGINT', 'SIGQUIT'] as const;
/** Milliseconds. */
const LATE = 500;
const ENDINGS = ['SIGTERM', 'SIGHUP', 'SIGINT'] as const;

/** Routes terminal signals to the dashboard, or to the foreground program while the terminal is lent. */
export class TerminalSignals {
  readonly #source: Pick<EventEmitter, 'on' | 'off'>;
  #lent = 0;

  constructor(source: Pick<EventEmitter, 'on' | 'off'> = process) {
    this.#source = source;
  }

  /** Calls `close` at each signal that ends the dashboard. Returns a function that stops that. */
  endBy(close: () => void): () => void {
    const listeners = ENDINGS.map((signal) => {
      const listener = () => {
        if (this.#lent === 0 || signal !== 'SIGINT') close();
      };
      this.#source.on(signal, listener);
      return () => void this.#source.off(signal, listener);
    });
    return () => {
      for (const stop of listeners) stop();
    };
  }

  /** Runs a callback that gives the terminal to another program. */
  async lend(callback: () => Promise<void>): Promise<void> {
    // Without a listener the signal would end this program.
    const ignore = () => {};
    for (const signal of BY_KEYS) this.#source.on(signal, ignore);
    this.#lent += 1;
    try {
      await callback();
    } finally {
      // A signal sent to both may arrive here only after it has ended the other program.
      setTimeout(() => {
        this.#lent -= 1;
        for (const signal of BY_KEYS) this.#source.off(signal, ignore);
      }, LATE).unref();
    }
  }
}
