import type { Clock } from '../lib/clock.ts';

/** Sustained events a second per server, and the burst limit: hundreds of working sessions send fewer. */
export const EVENTS_PER_SECOND = 500;
export const EVENTS_AT_ONCE = 3000;

/** A server sends more events than can be followed. */
export class Flood extends Error {
  override readonly name = 'Flood';
}

/** Counts the events of a stream: a server that lies or runs wild must not take the time of all others. */
export class FloodGuard {
  readonly #clock: Clock;
  #left = EVENTS_AT_ONCE;
  #at: number;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#at = clock();
  }

  /** Throws a Flood if there were too many. */
  count(events: number): void {
    const now = this.#clock();
    const refill = (Math.max(0, now - this.#at) / 1000) * EVENTS_PER_SECOND;
    this.#left = Math.min(EVENTS_AT_ONCE, this.#left + refill) - events;
    this.#at = now;
    if (this.#left < 0) throw new Flood(`more than ${EVENTS_PER_SECOND} events a second`);
  }
}
