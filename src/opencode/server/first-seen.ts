import type { Clock } from '../../lib/clock.ts';
import { timeOfId } from './id-time.ts';

/** Far more than wait for a person at once on any host. */
const MOST = 2000;

/** Nobody waits for longer: a time before that is none. */
const LONGEST = 7 * 24 * 60 * 60_000;

/** Tells since when each request waits: by its id, which holds a time, else since it was first seen. */
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
    if (this.#times.size > MOST && oldest !== undefined) this.#times.delete(oldest);
    return since;
  }

  forget(id: string): void {
    this.#times.delete(id);
  }
}

function askedAt(id: string, now: number): number {
  const made = timeOfId(id, now);
  return made === null || now - made > LONGEST ? now : Math.min(made, now);
}
