import type { Clock } from '../lib/clock.ts';
import type { TransportError, TransportErrorKind } from './transport.ts';

/** Time for which a hop's failure applies to all hosts behind it, so that it is not hammered. */
const FAILURE_TTL_MS = 5000;
/** Doubled with each failure: repeated logins without a valid key look like an attack. */
const AUTH_BACKOFF_MS = 4 * 60_000;
const MAX_AUTH_BACKOFF_MS = 10 * 60_000;

/** Failures that only the user can fix. */
const NEEDS_PERSON: ReadonlySet<TransportErrorKind> = new Set(['auth', 'host-key-unknown', 'host-key-changed']);

interface Failure {
  readonly error: TransportError;
  readonly until: number;
  /** Consecutive failures that need the user. */
  readonly count: number;
}

/** Recent failures of hops. */
export class HopFailures {
  readonly #clock: Clock;
  readonly #failures = new Map<string, Failure>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Returns the hop's current failure; `null` if the hop should be tried. */
  standing(name: string): TransportError | null {
    const failure = this.#failures.get(name);
    return failure !== undefined && this.#clock() < failure.until ? failure.error : null;
  }

  add(name: string, error: TransportError): void {
    if (!NEEDS_PERSON.has(error.kind)) {
      this.#failures.set(name, { error, until: this.#clock() + FAILURE_TTL_MS, count: 0 });
      return;
    }
    const count = (this.#failures.get(name)?.count ?? 0) + 1;
    const pause = Math.min(AUTH_BACKOFF_MS * 2 ** (count - 1), MAX_AUTH_BACKOFF_MS);
    this.#failures.set(name, { error, until: this.#clock() + pause, count });
  }

  /** Forgets the failure of this hop and of those behind it. */
  forget(name: string): void {
    for (const [hop, { error }] of this.#failures) {
      if (hop === name || error.by === name) this.#failures.delete(hop);
    }
  }

  clear(): void {
    this.#failures.clear();
  }
}
