import { type LoginEnvironment, loginKey } from '../domain/login.ts';
import type { ConfirmedDatabase, Snapshot } from '../domain/snapshot.ts';
import type { Clock } from '../lib/clock.ts';

/** What is known of where opencode and its sessions are on a host. */
export interface Place {
  /** `null` while the login shell was not asked. */
  readonly login: LoginEnvironment | null;
  /** The database that opencode itself named there. */
  readonly confirmedDatabase: string | null;
}

export const UNKNOWN_PLACE: Place = { login: null, confirmedDatabase: null };

/** Milliseconds after which a login shell that knew no opencode is asked again. */
const ASK_AGAIN_MS = 5 * 60_000;

/** Remembers for each host what its login sets and which database opencode named, beyond the snapshots: a host that could not be read has none. */
export class PlaceBook {
  readonly #clock: Clock;
  readonly #logins = new Map<string, { readonly login: LoginEnvironment; readonly readAt: number }>();
  readonly #tried = new Set<string>();
  readonly #confirmed = new Map<string, ConfirmedDatabase>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** What was learnt in this run comes before what an earlier one has left. */
  placeOf(alias: string, previous: Snapshot | null): Place {
    if (previous !== null && previous.login !== null && !this.#logins.has(alias)) {
      this.#logins.set(alias, { login: previous.login, readAt: Number.NEGATIVE_INFINITY });
    }
    const login = this.#logins.get(alias)?.login ?? null;
    const confirmed = this.confirmedOf(alias, previous);
    const holds = confirmed !== null && confirmed.login === (login === null ? '' : loginKey(login));
    return { login, confirmedDatabase: holds ? confirmed.path : null };
  }

  confirmedOf(alias: string, previous: Snapshot | null): ConfirmedDatabase | null {
    return this.#confirmed.get(alias) ?? previous?.confirmed ?? null;
  }

  /** True if that program has named its database for the login that is known. */
  isConfirmed(alias: string, previous: Snapshot | null, identity: string): boolean {
    const { confirmedDatabase } = this.placeOf(alias, previous);
    return confirmedDatabase !== null && this.confirmedOf(alias, previous)?.identity === identity;
  }

  /** True the first time that a program is to name its database for the login that is known. */
  tryToConfirm(alias: string, identity: string): boolean {
    const { login } = this.placeOf(alias, null);
    const key = `${alias} ${identity} ${login === null ? '' : loginKey(login)}`;
    const isFirst = !this.#tried.has(key);
    this.#tried.add(key);
    return isFirst;
  }

  keepLogin(alias: string, login: LoginEnvironment): void {
    this.#logins.set(alias, { login, readAt: this.#clock() });
  }

  keepConfirmed(alias: string, confirmed: ConfirmedDatabase): void {
    this.#confirmed.set(alias, confirmed);
  }

  /** True if the login shell was not asked in this run, or so long ago that another answer is possible. */
  mayAskAgain(alias: string): boolean {
    const known = this.#logins.get(alias);
    return known === undefined || this.#clock() - known.readAt >= ASK_AGAIN_MS;
  }
}
