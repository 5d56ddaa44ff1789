import { onAbort } from './abort.ts';

/** Milliseconds without a key after which the user has stopped typing. */
const QUIET_MS = 300;
/** Milliseconds between two pieces of heavy work while keys arrive. Work still makes progress under a held key. */
const SHARE_MS = 500;

/**
 * Lets heavy work start, such as a handshake or a process, when no keys arrive. Under a stream of keys one piece starts at a time, in the order of
 * arrival.
 */
export class KeysFirst {
  readonly #clock: () => number;
  readonly #waiting = new Set<() => void>();
  #lastKey = Number.NEGATIVE_INFINITY;
  #lastStart = Number.NEGATIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;

  constructor(clock: () => number) {
    this.#clock = clock;
  }

  /** Records that a key has arrived. */
  key(): void {
    this.#lastKey = this.#clock();
  }

  /** Resolves when a piece of heavy work may start, or when the signal aborts. Never rejects. */
  async turn(signal: AbortSignal): Promise<void> {
    if (this.#isQuiet() || signal.aborted) return;
    let release = () => {};
    await new Promise<void>((resolve) => {
      const start = () => {
        this.#waiting.delete(start);
        resolve();
      };
      this.#waiting.add(start);
      release = onAbort(signal, start);
      this.#schedule();
    });
    release();
  }

  #isQuiet(): boolean {
    return this.#clock() - this.#lastKey >= QUIET_MS;
  }

  #schedule(): void {
    if (this.#timer !== undefined || this.#waiting.size === 0) return;
    const now = this.#clock();
    const next = Math.min(this.#lastKey + QUIET_MS, Math.max(this.#lastStart + SHARE_MS, now));
    this.#timer = setTimeout(() => this.#letStart(), Math.max(1, next - now));
    this.#timer.unref();
  }

  #letStart(): void {
    this.#timer = undefined;
    const ready = [...this.#waiting];
    if (this.#isQuiet()) for (const start of ready) start();
    else if (this.#clock() - this.#lastStart >= SHARE_MS) {
      this.#lastStart = this.#clock();
      ready[0]?.();
    }
    this.#schedule();
  }
}
