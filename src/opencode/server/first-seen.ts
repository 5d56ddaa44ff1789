import type { Clock } from '../../lib/clock.ts';

/** Far more than wait for a person at once on any host. */
const MOST = 2000;

/** Remembers when each request was first seen, since opencode does not tell when it was asked. */
export class FirstSeen {
  readonly #clock: Clock;
  readonly #times = new Map<string, number>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Epoch milliseconds. */
  since(id: string): number {
    const known = this.#times.get(id);
    if (known !== undefined) return known;
    const now = this.#clock();
    this.#times.set(id, now);
    const [oldest] = this.#times.keys();
    if (this.#times.size > MOST && oldest !== undefined) this.#times.delete(oldest);
    return now;
  }

  forget(id: string): void {
    this.#times.delete(id);
  }
}
