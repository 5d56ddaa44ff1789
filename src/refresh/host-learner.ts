import type { Host } from '../domain/host.ts';
import { loginKey } from '../domain/login.ts';
import type { Snapshot } from '../domain/snapshot.ts';
import type { FleetStore } from '../fleet/fleet-store.ts';
import { sleep } from '../lib/abort.ts';
import type { Clock } from '../lib/clock.ts';
import { messageOf } from '../lib/errors.ts';
import type { Logger } from '../lib/logger.ts';
import type { ProbeLimits, Prober } from '../probe/prober.ts';
import type { SnapshotCache } from '../probe/snapshot-cache.ts';
import { WorkerPool } from '../probe/worker-pool.ts';

export interface LearnerParts {
  readonly fleet: FleetStore;
  readonly prober: Pick<Prober, 'version' | 'askLogin' | 'confirmDatabase' | 'compareServers'>;
  /** `null`: nothing is kept on disk. */
  readonly cache: SnapshotCache | null;
  readonly clock: Clock;
  readonly logger: Logger;
  limitsOf(host: Host): ProbeLimits;
  /** Surveys a host again after a reading of the wrong place. */
  ask(host: Host): Promise<unknown>;
}

/** Milliseconds before opencode starts to learn something: the sessions of other hosts come first. */
const DELAY_MS = 3000;
/** Milliseconds before a retry after a failure, such as a host that went down. */
const RETRY_MS = 2 * 60_000;
/** Milliseconds after which a login shell is asked again, in the background. */
const LOGIN_AGE_MS = 24 * 60 * 60_000;

/**
 * Learns facts that may take a host seconds: the login environment when the user refreshes, whether a running server keeps its sessions elsewhere,
 * the path of opencode's database, and opencode's version.
 */
export class HostLearner {
  readonly #parts: LearnerParts;
  /** Each of these takes more than a second of a host's CPU. */
  readonly #workers = new WorkerPool(2);
  readonly #placing = new Set<Promise<boolean>>();
  readonly #learning = new Set<Promise<void>>();
  /** When a fact may be asked for again, by alias and by its inputs. */
  readonly #again = new Map<string, number>();
  readonly #loginDue = new Set<string>();

  constructor(parts: LearnerParts) {
    this.#parts = parts;
  }

  /** Marks a host's login shell to be asked again with its next answer, at the user's request. */
  askLoginAgain(alias: string): void {
    this.#loginDue.add(alias);
  }

  /** Learns the facts missing in an answer that came after the one `before`; `atOnce` skips the delay. */
  learn(host: Host, snapshot: Snapshot, before: Snapshot | null, atOnce: boolean): void {
    // Without a shell, there is nothing to learn.
    if (host.route.kind === 'url') return;
    const limits = { ...this.#parts.limitsOf(host), interaction: null };
    if (isReplaced(snapshot, before) || this.#isLoginOld(host.alias, snapshot)) this.#loginDue.add(host.alias);
    const placing = this.#learnPlace(host, snapshot, limits).finally(() => this.#placing.delete(placing));
    this.#placing.add(placing);
    const learning = placing
      .then((moved) => (moved ? undefined : this.#learnSlowly(host, snapshot, limits, atOnce)))
      .finally(() => this.#learning.delete(learning));
    this.#learning.add(learning);
  }

  /** Resolves when every host was read in the right place, as far as known without starting opencode. */
  async placed(): Promise<void> {
    while (this.#placing.size > 0) await Promise.all(this.#placing);
  }

  /** Resolves when all facts are learned, including those started meanwhile. */
  async settled(): Promise<void> {
    while (this.#learning.size > 0) await Promise.all(this.#learning);
  }

  /** Asks for the login's environment and compares servers. True if the host is surveyed again, because it was read in the wrong place. */
  async #learnPlace(host: Host, snapshot: Snapshot, limits: ProbeLimits): Promise<boolean> {
    const { alias } = host;
    const { prober } = this.#parts;
    const isElsewhere =
      (this.#loginDue.delete(alias) &&
        (await this.#try(alias, 'login environment', () => prober.askLogin(host, limits)))) ||
      (await this.#try(alias, 'list of a server', () => prober.compareServers(host, snapshot, limits)));
    if (isElsewhere === true) await this.#parts.ask(host);
    return isElsewhere === true;
  }

  async #learnSlowly(host: Host, snapshot: Snapshot, limits: ProbeLimits, atOnce: boolean): Promise<void> {
    if (!needsConfirmation(snapshot, limits) && snapshot.opencode.version !== null) return;
    await sleep(atOnce ? 0 : DELAY_MS, limits.signal);
    if (await this.#learnDatabase(host, snapshot, limits)) return;
    await this.#learnVersion(host, snapshot, limits);
  }

  /** Asks opencode for its database. True if the host is surveyed again, because it was read in the wrong place. */
  async #learnDatabase(host: Host, snapshot: Snapshot, limits: ProbeLimits): Promise<boolean> {
    const { opencode, databasePath, login } = snapshot;
    const key = login === null ? '' : loginKey(login);
    const what = `database ${opencode.identity} ${databasePath} ${key}`;
    if (limits.signal.aborted || !this.#isDue(host.alias, what, needsConfirmation(snapshot, limits))) return false;
    const task = () => this.#workers.run(() => this.#parts.prober.confirmDatabase(host, opencode, limits));
    const confirmed = await this.#try(host.alias, what, task);
    if (confirmed === null || confirmed === undefined) return false;
    if (confirmed.path !== databasePath) {
      await this.#parts.ask(host);
      return true;
    }
    this.#keep(host.alias, opencode.identity, (latest) => ({ ...latest, confirmed }));
    return false;
  }

  async #learnVersion(host: Host, { opencode }: Snapshot, limits: ProbeLimits): Promise<void> {
    const what = `version ${opencode.identity}`;
    if (limits.signal.aborted || !this.#isDue(host.alias, what, opencode.version === null)) return;
    const task = () => this.#workers.run(() => this.#parts.prober.version(host, opencode.path, limits));
    const version = await this.#try(host.alias, what, task);
    if (version === null || version === undefined) return;
    this.#keep(host.alias, opencode.identity, (latest) => ({ ...latest, opencode: { ...latest.opencode, version } }));
  }

  /**
   * True if the login was asked so long ago that files outside the profile stamp may have changed. If it does not answer, it is not asked again at
   * once.
   */
  #isLoginOld(alias: string, { login }: Snapshot): boolean {
    const now = this.#parts.clock();
    const key = `${alias} old login`;
    const isOld = login !== null && Math.abs(now - login.readAt) > LOGIN_AGE_MS;
    if (!isOld || now < (this.#again.get(key) ?? Number.NEGATIVE_INFINITY)) return false;
    this.#again.set(key, now + RETRY_MS);
    return true;
  }

  /** True at most once per fact, unless it fails. */
  #isDue(alias: string, what: string, missing: boolean): boolean {
    const key = `${alias} ${what}`;
    if (!missing || this.#parts.clock() < (this.#again.get(key) ?? Number.NEGATIVE_INFINITY)) return false;
    this.#again.set(key, Number.POSITIVE_INFINITY);
    return true;
  }

  async #try<Result>(alias: string, what: string, task: () => Promise<Result>): Promise<Result | undefined> {
    try {
      return await task();
    } catch (error) {
      this.#again.set(`${alias} ${what}`, this.#parts.clock() + RETRY_MS);
      this.#parts.logger.info(`no ${what.split(' ', 1)[0]}`, { alias, reason: messageOf(error) });
      return undefined;
    }
  }

  /** Changes the latest snapshot of a host if it is still of the same program. */
  #keep(alias: string, identity: string, change: (latest: Snapshot) => Snapshot): void {
    const { fleet, cache, logger } = this.#parts;
    const latest = fleet.getState().entries.get(alias)?.snapshot;
    if (!latest || latest.opencode.identity !== identity) return;
    const snapshot = change(latest);
    fleet.report({ kind: 'learnt', alias, snapshot });
    cache?.save(alias, snapshot).catch((error: unknown) => {
      logger.error('snapshot not saved', { alias, reason: messageOf(error) });
    });
  }
}

/** True if the login was asked before the program was replaced. */
function isReplaced({ login, opencode }: Snapshot, before: Snapshot | null): boolean {
  return login !== null && before?.login === login && before.opencode.identity !== opencode.identity;
}

/** True if opencode may be started and a database was read: without one, opencode would create or fill it. */
function needsConfirmation({ rung, confirmed, opencode, login }: Snapshot, limits: ProbeLimits): boolean {
  if (rung === null || rung === 'storage' || !limits.mayStartOpencode) return false;
  if (confirmed === null || confirmed.identity !== opencode.identity) return true;
  return confirmed.login !== (login === null ? '' : loginKey(login));
}
