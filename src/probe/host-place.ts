import { type LoginEnvironment, loginKey } from '../domain/login.ts';
import type { ConfirmedDatabase, Snapshot } from '../domain/snapshot.ts';
import type { Clock } from '../lib/clock.ts';

/** The known place of opencode and its sessions on a host. */
export interface Place {
  /** `null` until the login shell was asked. */
  readonly login: LoginEnvironment | null;
  /** The database that opencode itself named there. */
  readonly confirmedDatabase: string | null;
}

export const UNKNOWN_PLACE: Place = { login: null, confirmedDatabase: null };

/** Milliseconds after which a login shell that did not find opencode is asked again. */
const LOGIN_RETRY_MS = 5 * 60_000;

/** Remembers each host's login environment and confirmed database. Unlike snapshots, it also covers hosts that could not be read. */
export class PlaceBook {
  readonly #clock: Clock;
  readonly #logins = new Map<string, { readonly login: LoginEnvironment; readonly readAt: number }>();
  readonly #tried = new Set<string>();
  readonly #confirmed = new Map<string, ConfirmedDatabase>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Facts from this run win over those of an earlier one. */
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

  /** True if that program has named its database for the known login. */
  isConfirmed(alias: string, previous: Snapshot | null, identity: string): boolean {
    const { confirmedDatabase } = this.placeOf(alias, previous);
    return confirmedDatabase !== null && this.confirmedOf(alias, previous)?.identity === identity;
  }

  /** True the first time that a program should name its database for the known login. */
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

  /** True if the login shell was not asked in this run, or long enough ago that its answer may differ. */
  mayAskAgain(alias: string): boolean {
    const known = this.#logins.get(alias);
    return known === undefined || this.#clock() - known.readAt >= LOGIN_RETRY_MS;
  }
}
