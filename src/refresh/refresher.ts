import type { SshResolver } from '../discovery/ssh-resolver.ts';
import type { Host } from '../domain/host.ts';
import type { HostStatus, ProbeFailure, Snapshot } from '../domain/snapshot.ts';
import type { FleetStore } from '../fleet/fleet-store.ts';
import { sleep } from '../lib/abort.ts';
import type { Clock } from '../lib/clock.ts';
import { messageOf } from '../lib/errors.ts';
import type { Logger } from '../lib/logger.ts';
import { probeFailureOf } from '../probe/probe-error.ts';
import type { ProbeLimits, Prober } from '../probe/prober.ts';
import type { SnapshotCache } from '../probe/snapshot-cache.ts';
import { WorkerPool } from '../probe/worker-pool.ts';
import { describeCount } from './describe-count.ts';
import { HostLearner } from './host-learner.ts';
import type { LiveHub } from './live-hub.ts';
import type { LiveSource } from './live-link.ts';
import { retryDelay } from './retry-delay.ts';

export interface RefreshOptions {
  /** Milliseconds between two refreshes of the fleet. Read before each, see `reschedule`. */
  readonly interval: number;
  readonly maxParallel: number;
  /** Read before each question. */
  readonly enrich: boolean;
  /** False to ask a host that failed again only when it is needed; by default it is, after a while. */
  readonly isRetrying?: boolean;
  /** Milliseconds that a host may take. */
  timeoutOf(alias: string): number;
  /** False if opencode may not be started to learn something: on a read-only host. */
  mayStartOpencode(alias: string): boolean;
  /** The interaction for background connections; `null` asks nothing. */
  interactionOf(host: Host): ProbeLimits['interaction'];
  /** Resolves when a piece of heavy work may start (`KeysFirst`); by default at once. */
  readonly turn?: (signal: AbortSignal) => Promise<void>;
}

export interface RefreshParts {
  readonly fleet: FleetStore;
  /** Follows the servers of those that answer; `null` follows none. */
  readonly live: Pick<LiveHub<LiveSource>, 'follow' | 'leave' | 'settled' | 'close'> | null;
  readonly prober: Pick<Prober, 'probe' | 'version' | 'askLogin' | 'confirmDatabase' | 'compareServers'>;
  readonly resolver: Pick<SshResolver, 'resolve' | 'save' | 'volatile'>;
  /** Calls the listener for each connected host or hop. Returns a function that removes it. */
  onConnected(listener: (name: string) => void): () => void;
  /** Forgets earlier failures of hops. */
  forgetFailures(): void;
  /** `null` keeps nothing on disk. */
  readonly cache: SnapshotCache | null;
  readonly clock: Clock;
  readonly random: () => number;
  readonly logger: Logger;
}

/**
 * Number of silent hosts, as a multiple of those asked at a time, each for 20 s and more. They cost only a socket and a
 * timer.
 */
const SILENT_HOSTS_FACTOR = 8;
/** Decides when each host is probed, and writes the results into the store. A host is never probed twice at a time. */
export class Refresher {
  readonly #parts: RefreshParts;
  readonly #options: RefreshOptions;
  readonly #workers: WorkerPool;
  readonly #learner: HostLearner;
  readonly #asking = new Map<string, Promise<Snapshot | null>>();
  /** Failures in a row, as long as they are of one kind. */
  readonly #failures = new Map<string, { readonly status: HostStatus; readonly count: number }>();
  readonly #retries = new Map<string, NodeJS.Timeout>();
  readonly #stop = new AbortController();
  readonly #stopListening: () => void;
  #tick: NodeJS.Timeout | undefined;
  #learnsAtOnce = false;

  constructor(parts: RefreshParts, options: RefreshOptions) {
    this.#parts = parts;
    this.#options = options;
    this.#workers = new WorkerPool(options.maxParallel, undefined, SILENT_HOSTS_FACTOR * options.maxParallel);
    this.#learner = new HostLearner({
      ...parts,
      limitsOf: (host) => this.#limits(host),
      ask: (host) => this.#askByName(host.alias),
    });
    this.#stopListening = parts.onConnected((name) => this.#askThoseBehind(name));
  }

  /** Asks every host now, and from then on in every interval. */
  start(): void {
    this.#parts.forgetFailures();
    this.#askAll(() => true);
  }

  /**
   * Asks these hosts once, by default all, and waits for all of them, and for their servers up to a host's timeout: one
   * that hangs is reported as not followed. `versions` also waits for opencode's versions, which are slow.
   */
  async askOnce(versions: boolean, aliases?: readonly string[]): Promise<void> {
    // Otherwise the caller may end before opencode has told anything. Calls in parallel share this.
    this.#learnsAtOnce ||= versions;
    // A long-lived face asks again later, when a hop may be back.
    this.#parts.forgetFailures();
    const { entries } = this.#parts.fleet.getState();
    const wanted = aliases ?? [...entries.keys()];
    const hosts = wanted.flatMap((alias) => entries.get(alias)?.host ?? []);
    await Promise.all(hosts.map((host) => this.#ask(host)));
    await this.#learner.placed();
    if (versions) await this.#learner.settled();
    await this.#settleLive(Math.max(0, ...hosts.map(({ alias }) => this.#options.timeoutOf(alias))));
    // A server may have reported that a reading is out of date.
    while (this.#asking.size > 0) await Promise.all(this.#asking.values());
  }

  /** Counts the interval from now, after a change of it. */
  reschedule(): void {
    if (this.#tick !== undefined && !this.#stop.signal.aborted) this.#scheduleNext();
  }

  /** Polls every host now at the user's request, those that back off too, and asks their login shells again. */
  refreshAll(): void {
    this.#parts.forgetFailures();
    for (const alias of this.#parts.fleet.getState().entries.keys()) this.#learner.askLoginAgain(alias);
    this.#askAll(() => true);
  }

  /**
   * Asks one host now because the user wants to know, or waits for the probe in flight. Returns its snapshot, or `null`
   * if it failed: the fleet and its listeners know the reason by then.
   */
  refreshHost(alias: string): Promise<Snapshot | null> {
    this.#parts.forgetFailures();
    return this.#askByName(alias);
  }

  /** Asks one host after something has happened there: a probe in flight may have looked before. */
  async askAgain(alias: string): Promise<void> {
    await this.#asking.get(alias);
    if (!this.#stop.signal.aborted) await this.refreshHost(alias);
  }

  /** Ends all probes and timers. Resolves when the state is on disk. */
  async close(): Promise<void> {
    this.#stop.abort();
    this.#stopListening();
    clearTimeout(this.#tick);
    for (const timer of this.#retries.values()) clearTimeout(timer);
    await Promise.allSettled([...this.#asking.values(), this.#parts.live?.close()]);
    // A listener may have something to save.
    this.#parts.fleet.flush();
    await Promise.allSettled([this.#parts.cache?.flush(), this.#parts.resolver.save()]);
  }

  async #settleLive(patience: number): Promise<void> {
    const { live } = this.#parts;
    if (live === null) return;
    const settled = new AbortController();
    await Promise.race([
      live.settled().finally(() => settled.abort()),
      sleep(patience, AbortSignal.any([settled.signal, this.#stop.signal])),
    ]);
  }

  #askAll(isDue: (alias: string) => boolean): void {
    if (this.#stop.signal.aborted) return;
    const { fleet } = this.#parts;
    for (const { host } of fleet.getState().entries.values()) if (isDue(host.alias)) void this.#ask(host);
    this.#scheduleNext();
  }

  #scheduleNext(): void {
    const { fleet, clock } = this.#parts;
    const { interval } = this.#options;
    clearTimeout(this.#tick);
    this.#tick = setTimeout(() => this.#askAll((alias) => !this.#retries.has(alias)), interval);
    fleet.setState({ nextRefreshAt: clock() + interval });
  }

  /** A hop is reachable again: retries the hosts that failed because of it. */
  #askThoseBehind(name: string): void {
    if (this.#stop.signal.aborted) return;
    for (const { host, failure } of this.#parts.fleet.getState().entries.values()) {
      if (failure !== null && (failure.blockedBy === name || host.alias === name)) void this.#ask(host);
    }
  }

  async #askByName(alias: string): Promise<Snapshot | null> {
    const entry = this.#parts.fleet.getState().entries.get(alias);
    if (entry === undefined) return null;
    const snapshot = await this.#ask(entry.host);
    // The caller goes on with what the listeners know, such as the dashboard's list.
    this.#parts.fleet.flush();
    return snapshot;
  }

  #ask(host: Host): Promise<Snapshot | null> {
    const { alias } = host;
    const underWay = this.#asking.get(alias);
    if (underWay !== undefined) return underWay;
    clearTimeout(this.#retries.get(alias));
    this.#retries.delete(alias);
    const asking = this.#askHost(alias).finally(() => this.#asking.delete(alias));
    this.#asking.set(alias, asking);
    return asking;
  }

  async #askHost(alias: string): Promise<Snapshot | null> {
    const { fleet, prober, cache, logger, live } = this.#parts;
    try {
      const before = fleet.getState().entries.get(alias)?.snapshot ?? null;
      const isCold = fleet.getState().entries.get(alias)?.fresh !== true;
      const { turn } = this.#options;
      if (isCold && turn !== undefined) await turn(this.#stop.signal);
      const host = await this.#resolve(alias);
      const answer = await this.#workers.run(async () => {
        // Other hosts may have taken long, and the user may be typing by now.
        if (isCold && turn !== undefined) await turn(this.#stop.signal);
        this.#parts.fleet.report({ kind: 'asked', alias });
        return this.#noted(alias, prober.probe(host, before, this.#limits(host)));
      });
      const snapshot = keepVersion(answer, fleet.getState().entries.get(alias)?.snapshot ?? null);
      this.#failures.delete(alias);
      this.#parts.fleet.report({ kind: 'answered', alias, snapshot });
      if (cache !== null && (snapshot.sessions !== before?.sessions || snapshot.login !== before.login))
        this.#save(cache, alias, snapshot);
      this.#learner.learn(host, snapshot, before, this.#learnsAtOnce);
      live?.follow(host, snapshot);
      return snapshot;
    } catch (error) {
      if (this.#stop.signal.aborted) return null;
      const failure = probeFailureOf(error, this.#parts.clock());
      logger.warn('probe failed', { alias, status: failure.status, reason: failure.reason });
      if (isOutOfReach(failure, this.#failures.get(alias)?.status)) live?.leave(alias);
      this.#parts.fleet.report({ kind: 'failed', alias, failure });
      this.#retryLater(alias, failure.status);
      return null;
    }
  }

  async #resolve(alias: string): Promise<Host> {
    const { fleet, resolver } = this.#parts;
    const host = fleet.getState().entries.get(alias)?.host;
    if (host === undefined) throw new Error(`${alias} is no longer listed`);
    // With a Match exec the route may depend on the network, as at home and away.
    const settled = host.route.kind !== 'unresolved' && !(resolver.volatile && this.#failures.has(alias));
    if (host.route.kind === 'local' || host.route.kind === 'url' || settled) return host;
    const route = await resolver.resolve(alias, this.#stop.signal);
    this.#parts.fleet.report({ kind: 'resolved', alias, route });
    return { ...host, route };
  }

  /** Records the result of a probe. */
  async #noted(alias: string, probing: Promise<Snapshot>): Promise<Snapshot> {
    const at = this.#parts.clock();
    const note = (result: string) => {
      const duration = this.#parts.clock() - at;
      this.#parts.fleet.report({ kind: 'did', alias, activity: { at, duration, what: 'probe', result } });
    };
    try {
      const snapshot = await probing;
      const rung = snapshot.readAt < snapshot.at ? 'unchanged' : `by ${snapshot.rung ?? 'nothing'}`;
      note(`${describeCount(snapshot.sessions)}, ${rung}`);
      return snapshot;
    } catch (error) {
      note(messageOf(error));
      throw error;
    }
  }

  #limits(host: Host): ProbeLimits {
    const { enrich, timeoutOf, interactionOf, mayStartOpencode } = this.#options;
    const { alias } = host;
    return {
      signal: this.#stop.signal,
      timeout: timeoutOf(alias),
      enrich,
      interaction: interactionOf(host),
      mayStartOpencode: mayStartOpencode(alias),
      onLogin: () => this.#parts.fleet.report({ kind: 'waits-for-login', alias }),
    };
  }

  #retryLater(alias: string, status: HostStatus): void {
    const before = this.#failures.get(alias);
    const count = before?.status === status ? before.count + 1 : 1;
    this.#failures.set(alias, { status, count });
    if (this.#options.isRetrying === false) return;
    const delay = retryDelay(count, this.#options.interval, status, this.#parts.random);
    const retry = () => {
      this.#retries.delete(alias);
      void this.#askByName(alias);
    };
    this.#retries.set(alias, setTimeout(retry, delay));
  }

  #save(cache: SnapshotCache, alias: string, snapshot: Snapshot): void {
    cache.save(alias, snapshot).catch((error: unknown) => {
      this.#parts.logger.error('snapshot not saved', { alias, reason: messageOf(error) });
    });
  }
}

/**
 * True if a host is out of reach. An unreadable host may still have live servers, and a single timeout proves nothing:
 * each stream has a watch of its own, and ends with its connection.
 */
function isOutOfReach({ status }: ProbeFailure, before: HostStatus | undefined): boolean {
  if (status === 'error' || status === 'no-opencode' || status === 'no-shell') return false;
  return status !== 'offline' || before === 'offline';
}

/** The answer, with the version that was learned while it was in flight. */
function keepVersion(answer: Snapshot, latest: Snapshot | null): Snapshot {
  const [{ path, identity, version }, known] = [answer.opencode, latest?.opencode];
  const same = version === null && known?.path === path && known.identity === identity;
  return same ? { ...answer, opencode: known } : answer;
}
