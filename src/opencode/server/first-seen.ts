import type { Clock } from '../../lib/clock.ts';
import { timeOfId } from './id-time.ts';

/** Far more requests than any host has pending at once. */
const MAX_ENTRIES = 2000;

/** An older timestamp is implausible: no request waits that long. */
const MAX_AGE_MS = 7 * 24 * 60 * 60_000;

/** Returns since when each request waits: by the time in its id, else by when it was first seen. */
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
    const since = askedAt(id, this.#clock());
    this.#times.set(id, since);
    const [oldest] = this.#times.keys();
    if (this.#times.size > MAX_ENTRIES && oldest !== undefined) this.#times.delete(oldest);
    return since;
  }

  forget(id: string): void {
    this.#times.delete(id);
  }
}

function askedAt(id: string, now: number): number {
  const made = timeOfId(id, now);
  return made === null || now - made > MAX_AGE_MS ? now : Math.min(made, now);
}
