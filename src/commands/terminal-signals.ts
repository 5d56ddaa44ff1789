import type { EventEmitter } from 'node:events';

/** What the keys of a terminal in its usual mode send to all that run on it (Ctrl-C, Ctrl-\). */
const BY_KEYS = ['SIGINT', 'SIGQUIT'] as const;
/** Milliseconds. */
const LATE = 500;
const ENDINGS = ['SIGTERM', 'SIGHUP', 'SIGINT'] as const;

/** Whose the signals are: they end the dashboard; but while another program has the terminal, what its keys send is that program's alone. */
export class TerminalSignals {
  readonly #source: Pick<EventEmitter, 'on' | 'off'>;
  #lent = 0;

  constructor(source: Pick<EventEmitter, 'on' | 'off'> = process) {
    this.#source = source;
  }

  /** Calls `close` at each signal that ends the dashboard. Gives what stops that. */
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

  /** Runs what gives the terminal to another program. */
  async lend(callback: () => Promise<void>): Promise<void> {
    // Without a listener the signal would end this program.
    const ignore = () => {};
    for (const signal of BY_KEYS) this.#source.on(signal, ignore);
    this.#lent += 1;
    try {
      await callback();
    } finally {
      // A signal that was sent to both may be heard here only after the other program has ended of it.
      setTimeout(() => {
        this.#lent -= 1;
        for (const signal of BY_KEYS) this.#source.off(signal, ignore);
      }, LATE).unref();
    }
  }
}
