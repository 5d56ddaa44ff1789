import type { Config } from '../config/schema.ts';
import type { HostEntry } from '../domain/fleet.ts';
import type { Host } from '../domain/host.ts';
import type { Session } from '../domain/session.ts';
import type { SessionRef } from '../domain/session-ref.ts';
import type { Engine } from '../engine/engine.ts';
import type { FleetStore } from '../fleet/fleet-store.ts';
import { onAbort } from '../lib/abort.ts';
import type { OperationContext, Use } from '../operations/context.ts';
import { refOf, type TargetSession } from '../operations/target.ts';
import type { SessionSeat } from '../operations/turns/session-seat.ts';
import { takeSeat } from '../operations/turns/take-seat.ts';
import { EXIT, VerbError } from './exit-status.ts';
import { nameOfTarget } from './given-targets.ts';
import { matchSessions, type SessionMatch } from './match-session.ts';

/** What asks and changes hosts. */
export interface Reach {
  readonly engine: Engine;
  readonly context: OperationContext;
}

export interface DeskParts {
  /** With the last known state of every host. */
  readonly fleet: FleetStore;
  readonly config: Config;
  /** Aborts when the user gives up, and when the time is over. */
  readonly signal: AbortSignal;
  /** Loads what asks hosts, once: the last known state can be listed without. */
  connect(): Promise<Reach>;
  /** The target of verbs that name none, from the environment; `null` for none. */
  readonly defaultTarget: string | null;
  /** True if nothing may be asked: the last known state has to do. */
  readonly isCached: boolean;
  /** True to wait for opencode's versions, which take seconds the first time. */
  readonly wantsVersions: boolean;
  /** True if the result is for a program. */
  readonly wantsJson: boolean;
  /** Milliseconds after which a listing goes on without the hosts that have not answered; `null` waits for all. */
  readonly askTimeout: number | null;
  /** The working directory, to which this machine's relative paths relate. */
  readonly workingDirectory: string;
  /** The ssh config that lists the hosts; `null` for ssh's own. */
  readonly sshConfigFile: string | null;
  /** The configuration's file. */
  readonly configFile: { readonly path: string; readonly origin: 'custom' | 'global' | 'none' };
  /** Opens a session in the user's terminal, until it is left; `null` where there is none. */
  readonly openInTerminal: ((host: Host, session: Session) => Promise<void>) | null;
  /** Shows progress, one line that replaces the last one. */
  progress(text: string): void;
  /** Tells the user something on a line of its own. */
  warn(text: string): void;
}

/** Candidates named in an error. */
const NAMED = 8;

/** What a verb works with: the fleet, and ways to address its hosts and sessions. Only hosts that are needed are asked. */
export class Desk {
  readonly fleet: FleetStore;
  readonly config: Config;
  readonly signal: AbortSignal;
  readonly wantsJson: boolean;
  readonly workingDirectory: string;
  /** The ssh config that lists the hosts; `null` for ssh's own. */
  readonly sshConfigFile: string | null;
  readonly configFile: DeskParts['configFile'];
  readonly openInTerminal: DeskParts['openInTerminal'];
  readonly progress: DeskParts['progress'];
  readonly warn: DeskParts['warn'];
  readonly #connect: DeskParts['connect'];
  readonly #defaultTarget: string | null;
  readonly #askTimeout: number | null;
  /** True if the last known state has to do. */
  readonly isCached: boolean;
  readonly #wantsVersions: boolean;

  constructor(parts: DeskParts) {
    this.fleet = parts.fleet;
    this.config = parts.config;
    this.signal = parts.signal;
    this.wantsJson = parts.wantsJson;
    this.#connect = parts.connect;
    this.workingDirectory = parts.workingDirectory;
    this.sshConfigFile = parts.sshConfigFile;
    this.configFile = parts.configFile;
    this.openInTerminal = parts.openInTerminal;
    this.progress = parts.progress;
    this.warn = parts.warn;
    this.#defaultTarget = parts.defaultTarget;
    this.#askTimeout = parts.askTimeout;
    this.isCached = parts.isCached;
    this.#wantsVersions = parts.wantsVersions;
  }

  /** Returns what operations work with. */
  async context(): Promise<OperationContext> {
    return (await this.#connect()).context;
  }

  async engine(): Promise<Engine> {
    return (await this.#connect()).engine;
  }

  /** Returns epoch milliseconds. */
  clock(): number {
    return Date.now();
  }

  /** Returns the aliases of the named targets; if none is named, of the environment's one, unless `usesDefault` is false, or of all hosts. Throws a VerbError for an unknown one. */
  aliases(on: readonly string[], usesDefault = true): readonly string[] {
    const { entries } = this.fleet.getState();
    const byDefault = usesDefault && on.length === 0 && this.#defaultTarget !== null;
    const named = byDefault ? [this.#defaultTarget ?? ''] : on;
    if (named.length === 0) return [...entries.keys()];
    return [...new Set(named.map((name) => this.#aliasOf(name)))];
  }

  /** True if the environment names a target. */
  get hasDefaultTarget(): boolean {
    return this.#defaultTarget !== null;
  }

  /** Returns the one target to create on: the named one, the environment's, the only host, or this machine. Throws a VerbError. */
  target(on: string | null): string {
    if (on !== null) return this.#aliasOf(on);
    if (this.#defaultTarget !== null) return this.#aliasOf(this.#defaultTarget);
    const { entries } = this.fleet.getState();
    const [only, ...others] = entries.keys();
    if (only !== undefined && others.length === 0) return only;
    if (entries.has('local')) return 'local';
    throw new VerbError(EXIT.usage, 'which host? Name one with --on');
  }

  /** Returns a host as known now. */
  entry(alias: string): HostEntry {
    const entry = this.fleet.getState().entries.get(alias);
    if (entry === undefined) throw new VerbError(EXIT.notFound, `there is no host ${alias}`);
    return entry;
  }

  /** True if a host has answered this time, or may be taken from the cache. */
  counts({ fresh, failure, snapshot }: HostEntry): boolean {
    return failure === null && snapshot !== null && (fresh || this.isCached);
  }

  /** Asks hosts, unless the cache has to do, and returns them as known then. Never rejects for a host that fails. */
  async ask(aliases: readonly string[]): Promise<readonly HostEntry[]> {
    const isAll = aliases.length === this.fleet.getState().entries.size;
    if (!this.isCached) {
      const asking = (await this.engine()).askOnce(this.#wantsVersions, isAll ? undefined : aliases);
      const stopped = Promise.withResolvers<void>();
      const release = onAbort(this.signal, () => stopped.resolve());
      const timer = this.#askTimeout === null ? undefined : setTimeout(stopped.resolve, this.#askTimeout);
      // A silent host would keep a user who gives up waiting. Closing the engine ends its probe.
      await Promise.race([asking, stopped.promise]).finally(release);
      clearTimeout(timer);
    }
    this.signal.throwIfAborted();
    const { entries } = this.fleet.getState();
    return (isAll ? [...entries.keys()] : aliases).flatMap((alias) => entries.get(alias) ?? []);
  }

  /** Asks one host that is needed. Rejects with a VerbError if it cannot be reached. */
  async reach(alias: string): Promise<HostEntry> {
    const [entry] = await this.ask([alias]);
    if (entry === undefined) throw new VerbError(EXIT.notFound, `there is no host ${alias}`);
    if (entry.failure === null && !this.counts(entry)) {
      throw new VerbError(EXIT.timedOut, `${alias} did not answer in time`);
    }
    if (entry.failure !== null) {
      const { status, reason, hint } = entry.failure;
      throw new VerbError(EXIT.unreachable, `${alias} cannot be used: ${status}: ${reason}`, { hint });
    }
    return entry;
  }

  /**
   * Returns the session of that id, unique prefix of an id, or title, as its host has it now. Asks the host that the cache names; on a miss, all. Rejects
   * with a VerbError.
   */
  async session(text: string, on: readonly string[] = []): Promise<TargetSession> {
    if (text.trim() === '') throw new VerbError(EXIT.usage, 'the session must not be blank');
    const aliases = this.aliases(on);
    const known = matchSessions(this.#entries(aliases), text);
    this.#refuseAmbiguous(text, known);
    const [expected] = known;
    if (expected !== undefined) {
      const alias = expected.entry.host.alias;
      await this.reach(alias);
      const now = this.#entries([alias]);
      const again = matchSessions(now, text);
      this.#refuseAmbiguous(text, again);
      const [found] = again;
      if (found !== undefined) return found;
    }
    await (on.length === 1 && aliases.length === 1 ? this.reach(aliases[0] ?? '') : this.ask(aliases));
    const found = matchSessions(this.#entries(aliases), text);
    this.#refuseAmbiguous(text, found);
    const [only] = found;
    if (only !== undefined) return only;
    throw new VerbError(EXIT.notFound, this.#explainMiss(text, aliases));
  }

  /** Returns a session among those known now, as `session` does, without asking a host. Throws a VerbError. */
  known(text: string, on: readonly string[] = []): TargetSession {
    const found = this.knownOrNull(text, on);
    if (found === null) throw new VerbError(EXIT.notFound, this.#explainMiss(text, this.aliases(on)));
    return found;
  }

  /** The same; `null` if there is none. */
  knownOrNull(text: string, on: readonly string[] = []): TargetSession | null {
    const found = matchSessions(this.#entries(this.aliases(on)), text);
    this.#refuseAmbiguous(text, found);
    return found[0] ?? null;
  }

  /** Returns the reference of a session, see `session`. */
  async ref(text: string, on: readonly string[] = []): Promise<SessionRef> {
    return refOf(await this.session(text, on));
  }

  /** Returns a session and its server, see `session` and `takeSeat`. */
  async seat(text: string, on: readonly string[], use: Use): Promise<SessionSeat> {
    const ref = await this.ref(text, on);
    return await takeSeat(await this.context(), ref, use, this.signal);
  }

  #entries(aliases: readonly string[]): readonly HostEntry[] {
    const { entries } = this.fleet.getState();
    return aliases.flatMap((alias) => entries.get(alias) ?? []);
  }

  #aliasOf(name: string): string {
    const { entries } = this.fleet.getState();
    const known = nameOfTarget(this.config, name);
    if (entries.has(known)) return known;
    const labelled = [...entries.values()].filter(({ host }) => host.label === name);
    const [only] = labelled;
    if (labelled.length === 1 && only !== undefined) return only.host.alias;
    const names = [...entries.keys()];
    const list = names.slice(0, NAMED).join(', ');
    throw new VerbError(
      EXIT.usage,
      `there is no host "${name}"; there is: ${list}${names.length > NAMED ? ', …' : ''}`,
    );
  }

  #refuseAmbiguous(text: string, matches: readonly SessionMatch[]): void {
    if (matches.length < 2) return;
    const lines = matches
      .slice(0, NAMED)
      .map(({ entry, session }) => `  ${entry.host.alias}  ${session.id}  ${session.title}`);
    const more = matches.length > NAMED ? [`  and ${matches.length - NAMED} more`] : [];
    throw new VerbError(EXIT.usage, `"${text}" is ambiguous: it fits ${matches.length} sessions`, {
      hint: [...lines, ...more].join('\n'),
    });
  }

  #explainMiss(text: string, aliases: readonly string[]): string {
    const silent = this.#entries(aliases).filter(({ failure }) => failure !== null);
    const names = silent.slice(0, NAMED).map(({ host }) => host.alias);
    const note =
      silent.length === 0
        ? ''
        : `; not asked, since out of reach: ${names.join(', ')}${silent.length > NAMED ? ', …' : ''}`;
    const isHost = this.fleet.getState().entries.has(text);
    return `there is no session "${text}"${isHost ? `: name that host with --on ${text}` : ''}${note}`;
  }
}
