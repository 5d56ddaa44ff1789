import type { Clock } from '../lib/clock.ts';
import type { TransportError, TransportErrorKind } from './transport.ts';

/** Milliseconds for which the failure of a hop stands for all who want to go through it, so that it is not hammered. */
const STANDS_FOR = 5000;
/** Milliseconds, doubled while it lasts: knocking again and again without a key that fits looks like an attack. */
const UNAUTHENTICATED = 4 * 60_000;
const LONGEST_UNAUTHENTICATED = 10 * 60_000;

/** What no time mends, only a person. */
const NEEDS_PERSON: ReadonlySet<TransportErrorKind> = new Set(['auth', 'host-key-unknown', 'host-key-changed']);

interface Failure {
  readonly error: TransportError;
  readonly until: number;
  /** In a row, of those that need a person. */
  readonly count: number;
}

/** Why hosts that others are behind could not be reached lately. */
export class HopFailures {
  readonly #clock: Clock;
  readonly #failures = new Map<string, Failure>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The failure that stands for whoever wants to go through the hop; `null` when it is to be tried. */
  standing(name: string): TransportError | null {
    const failure = this.#failures.get(name);
    return failure !== undefined && this.#clock() < failure.until ? failure.error : null;
  }

  add(name: string, error: TransportError): void {
    if (!NEEDS_PERSON.has(error.kind)) {
      this.#failures.set(name, { error, until: this.#clock() + STANDS_FOR, count: 0 });
      return;
    }
    const count = (this.#failures.get(name)?.count ?? 0) + 1;
    const pause = Math.min(UNAUTHENTICATED * 2 ** (count - 1), LONGEST_UNAUTHENTICATED);
    this.#failures.set(name, { error, until: this.#clock() + pause, count });
  }

  /** Neither this one nor those behind it are in the way any more. */
  forget(name: string): void {
    for (const [hop, { error }] of this.#failures) {
      if (hop === name || error.by === name) this.#failures.delete(hop);
    }
  }

  clear(): void {
    this.#failures.clear();
  }
}
