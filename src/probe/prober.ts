import { randomBytes } from 'node:crypto';
import type { Host, UrlRoute } from '../domain/host.ts';
import { boundSessions } from '../domain/host-bounds.ts';
import { type LoginEnvironment, loginKey } from '../domain/login.ts';
import type { Server } from '../domain/server.ts';
import { dedupeSessions, type Session } from '../domain/session.ts';
import type { ConfirmedDatabase, Opencode, Rung, Snapshot } from '../domain/snapshot.ts';
import type { Clock } from '../lib/clock.ts';
import { messageOf } from '../lib/errors.ts';
import { portableScript } from '../lib/shell-quote.ts';
import { parseVersion } from '../opencode/cli-output.ts';
import { databasePathCommand, parseDatabasePath } from '../opencode/database-path.ts';
import { OwnPasswords } from '../opencode/server-process/own-passwords.ts';
import { parseOwnSecret } from '../opencode/server-process/own-server-answer.ts';
import type { ContentQuery } from '../opencode/stored-content.ts';
import type { Interaction } from '../transport/interaction.ts';
import { type RunLimits, type Shell, type Transport, TransportError } from '../transport/transport.ts';
import type { TransportPool } from '../transport/transport-pool.ts';
import { contentScript } from './content-script.ts';
import { PlaceBook } from './host-place.ts';
import { type PlaceFinder, surveyInPlace } from './placed-survey.ts';
import { ProbeError } from './probe-error.ts';
import { describeDoubt, fileFault } from './read-doubt.ts';
import type { Run } from './reading.ts';
import { ServerCheck } from './server-check.ts';
import { readSessionList } from './session-list.ts';
import { type ReadServers, takeSurvey } from './survey.ts';
import { parseSurveyReport, type SurveyReport } from './survey-report.ts';
import { OWN_SECRET_SCRIPT } from './survey-script.ts';
import { versionScript } from './version-script.ts';

/** Bytes of one answer: some 100,000 sessions. */
const MAX_BYTES = 64 * 1024 * 1024;
/** Factor on the timeout for calls of opencode, each of which takes seconds of CPU. */
const SLOW_TIMEOUT_FACTOR = 6;
/** Milliseconds after which even an unchanged database is read again. */
const REREAD_AFTER_MS = 5 * 60_000;

export interface ProbeLimits {
  readonly signal: AbortSignal;
  /** Milliseconds to connect, and of silence while answering. */
  readonly timeout: number;
  /** Read more than the core columns. */
  readonly enrich: boolean;
  /** Asks the user while a connection is made; `null` asks nothing. */
  readonly interaction: Interaction | null;
  /** True if opencode may be started to learn something: not on a read-only host. */
  readonly mayStartOpencode: boolean;
  /** Called when the answer has to wait for the user's login shell. */
  readonly onLogin?: () => void;
}

export interface ProberOptions {
  /** Asks the user's login shell for its environment; if omitted, surveys run without it. Rejects with a TransportError. */
  readonly readLogin?: (transport: Transport, timeout: number, signal: AbortSignal) => Promise<LoginEnvironment>;
  /**
   * Reads all sessions of a host from one of its servers, for hosts whose database cannot be read. Rejects if the server does not return them.
   */
  readonly sessionsByHttp?: (
    host: Host,
    transport: Transport,
    server: Server,
    signal: AbortSignal,
  ) => Promise<readonly Session[]>;
  /** Takes a snapshot of a host that is known by its URL; if omitted, such hosts have no shell to survey. */
  readonly probeUrl?: (host: Host, route: UrlRoute, limits: ProbeLimits) => Promise<Snapshot>;
  /** Takes the passwords of ocr's own servers; if omitted, they are forgotten with the prober. */
  readonly passwords?: OwnPasswords;
}

/** Surveys hosts, over one persistent shell each. */
export class Prober {
  readonly #pool: TransportPool;
  readonly #clock: Clock;
  readonly #options: ProberOptions;
  readonly #places: PlaceBook;
  readonly #serverCheck = new ServerCheck();
  readonly #shells = new Map<string, { transport: Transport; shell: Shell }>();
  readonly #passwords: OwnPasswords;

  constructor(pool: TransportPool, clock: Clock, options: ProberOptions = {}) {
    this.#pool = pool;
    this.#clock = clock;
    this.#options = options;
    this.#passwords = options.passwords ?? new OwnPasswords();
    this.#places = new PlaceBook(clock);
  }

  /**
   * Takes a snapshot. `previous` saves the host from reading what has not changed. A connection that worked before and
   * is lost or silent now is replaced at once, since it fails more often than the host. Rejects with a TransportError
   * or a ProbeError.
   */
  async probe(host: Host, previous: Snapshot | null, limits: ProbeLimits): Promise<Snapshot> {
    const { probeUrl } = this.#options;
    if (host.route.kind === 'url' && probeUrl !== undefined) return await probeUrl(host, host.route, limits);
    const served = this.#shells.get(host.alias)?.transport;
    const transport = await this.#pool.get(host, limits);
    const progress = { answered: false };
    try {
      return await this.#ask(host, transport, previous, limits, progress).catch((error: unknown) => {
        if (!(error instanceof ShellTaken)) throw error;
        return this.#ask(host, transport, previous, limits, progress);
      });
    } catch (error) {
      if (error instanceof ProbeError) error.connection = transport.connection;
      if (!isLost(error)) throw error;
      this.#pool.retire(host.alias, transport);
      if (transport !== served || progress.answered || limits.signal.aborted) throw error;
      return this.#ask(host, await this.#pool.get(host, limits), previous, limits, progress);
    }
  }

  async #ask(
    host: Host,
    transport: Transport,
    previous: Snapshot | null,
    limits: ProbeLimits,
    progress: { answered: boolean },
  ): Promise<Snapshot> {
    let surveyed: Shell | null = null;
    const run: Run = async (script, patience) => {
      const shell = await this.#shell(host.alias, transport, limits);
      surveyed ??= shell;
      // Later scripts use the survey's findings. Another shell would lack them, and list no sessions.
      if (surveyed !== shell) throw new ShellTaken();
      const reply = await shell.run(script, runLimits(limits, patience === 'slow' ? SLOW_TIMEOUT_FACTOR : 1));
      progress.answered = true;
      return reply;
    };
    const known = reusable(previous, this.#clock());
    const readServers = this.#readServers(host, transport, run, limits.signal);
    const { mayStartOpencode } = limits;
    const survey = await surveyInPlace(
      (place) => {
        surveyed = null;
        return takeSurvey(host, known, limits.enrich, run, this.#clock, readServers, place, mayStartOpencode);
      },
      this.#findPlace(host, transport, previous, limits),
    );
    const { report, latency, at } = survey;
    const { login } = this.#places.placeOf(host.alias, previous);
    const path = report.opencodePath ?? '';
    const clockOffset = survey.clockOffset ?? previous?.clockOffset ?? 0;
    const listed = survey.read ?? (await readSessionList(previous, run, survey.passedOver));
    const found = { databasePath: report.databasePath, servers: report.servers, at: at + clockOffset };
    const read = await this.#serverCheck.settle(host.alias, found, listed, readServers);
    await this.#learnPasswords(host.alias, report.servers, run);
    const sameProgram = previous?.opencode.path === path && previous.opencode.identity === report.identity;
    return {
      at,
      latency,
      clockOffset,
      clock: survey.hostClock ?? previous?.clock ?? null,
      opencode: { path, identity: report.identity, version: sameProgram ? previous.opencode.version : null },
      databasePath: report.databasePath,
      doubt: doubtOf(report, read.rung, previous),
      confirmed: this.#places.confirmedOf(host.alias, previous),
      candidates: report.candidates,
      wrapped: report.wrapped,
      login,
      fingerprint: read.fingerprint,
      readAt: report.state.kind === 'unchanged' ? (previous?.readAt ?? at) : at,
      rung: read.rung,
      passedOver: read.passedOver,
      processes: report.processes,
      servers: report.servers,
      machine: report.machine,
      sessions: boundSessions(dedupeSessions(read.sessions)),
      connection: transport.connection,
    };
  }

  /** Asks for opencode's version, which is slow; `null` when it does not tell. Rejects with a TransportError. */
  async version(host: Host, path: string, limits: ProbeLimits): Promise<string | null> {
    const transport = await this.#pool.get(host, limits);
    const script = versionScript(path, this.#places.placeOf(host.alias, null).login, limits.mayStartOpencode);
    return parseVersion((await transport.exec(portableScript(script), runLimits(limits, SLOW_TIMEOUT_FACTOR))).stdout);
  }

  /**
   * Compares a host's sessions with those its servers list; true if they differ, so that the host must be surveyed again. Rejects with a
   * TransportError.
   */
  async compareServers(host: Host, snapshot: Snapshot, limits: ProbeLimits): Promise<boolean> {
    const found = { ...snapshot, at: snapshot.readAt + snapshot.clockOffset };
    if (snapshot.rung === 'http' || !this.#serverCheck.isDue(host.alias, found)) return false;
    const transport = await this.#pool.get(host, limits);
    const run: Run = async (script) =>
      (await this.#shell(host.alias, transport, limits)).run(script, runLimits(limits, 1));
    const list = this.#readServers(host, transport, run, limits.signal);
    if (list === null) return false;
    return (await this.#serverCheck.compare(host.alias, found, snapshot, list)) !== snapshot;
  }

  /** Asks the login shell again; true if the environment changed. Rejects with a TransportError. */
  async askLogin(host: Host, limits: ProbeLimits): Promise<boolean> {
    const before = this.#places.placeOf(host.alias, null).login;
    const login = await this.#readLogin(host.alias, await this.#pool.get(host, limits), limits);
    return login !== null && (before === null || loginKey(before) !== loginKey(login));
  }

  /** Lets opencode name its database, which takes seconds; `null` if it names none. Rejects with a TransportError. */
  async confirmDatabase(
    host: Host,
    { path, identity }: Pick<Opencode, 'path' | 'identity'>,
    limits: ProbeLimits,
  ): Promise<ConfirmedDatabase | null> {
    const { login } = this.#places.placeOf(host.alias, null);
    const mark = randomBytes(9).toString('hex');
    const transport = await this.#pool.get(host, limits);
    const command = databasePathCommand(path, login, mark);
    const { stdout } = await transport.exec(command, runLimits(limits, SLOW_TIMEOUT_FACTOR));
    const database = parseDatabasePath(stdout, mark);
    if (database === null) return null;
    const confirmed = { path: database, identity, login: login === null ? '' : loginKey(login) };
    this.#places.keepConfirmed(host.alias, confirmed);
    return confirmed;
  }

  /** Reads rows from a snapshot's database, and parses them. Rejects with a TransportError, or with a ProbeError if the database cannot be read. */
  async query<Value>(
    host: Host,
    { databasePath }: Snapshot,
    { sql, parse }: ContentQuery<Value>,
    limits: ProbeLimits,
  ): Promise<Value> {
    if (databasePath === null) throw new ProbeError('error', 'opencode has no database there');
    const shell = await this.#shell(host.alias, await this.#pool.get(host, limits), limits);
    const { output } = await shell.run(contentScript(databasePath, sql), runLimits(limits, 1));
    const { state, passedOver } = parseSurveyReport(output);
    if (state.kind === 'rows') return parse(JSON.parse(state.text.trim() || '[]'));
    const reason = fileFault(passedOver) ?? passedOver[0]?.reason ?? 'no answer';
    throw new ProbeError('error', `the database cannot be read: ${reason}`);
  }

  #readServers(host: Host, transport: Transport, run: Run, signal: AbortSignal): ReadServers | null {
    const { sessionsByHttp } = this.#options;
    if (sessionsByHttp === undefined) return null;
    return async (servers) => {
      await this.#learnPasswords(host.alias, servers, run);
      const reasons: string[] = [];
      for (const server of servers) {
        try {
          return await sessionsByHttp(host, transport, server, signal);
        } catch (error) {
          reasons.push(`port ${server.port}: ${messageOf(error)}`);
        }
      }
      throw new Error(reasons.join('; '));
    };
  }

  /** Reads the missing passwords, and forgets those of servers that are gone. */
  async #learnPasswords(alias: string, servers: readonly Server[], run: Run): Promise<void> {
    const passwords: [Server, string][] = [];
    for (const server of servers.filter(({ own }) => own)) {
      const password =
        this.#passwords.get(alias, server) ?? parseOwnSecret((await run(OWN_SECRET_SCRIPT)).output, server);
      if (password !== null) passwords.push([server, password]);
    }
    this.#passwords.replace(alias, passwords);
  }

  #findPlace(host: Host, transport: Transport, previous: Snapshot | null, limits: ProbeLimits): PlaceFinder {
    const { alias } = host;
    return {
      place: () => this.#places.placeOf(alias, previous),
      mayAskAgain: () => this.#options.readLogin !== undefined && this.#places.mayAskAgain(alias),
      askLogin: async () => {
        limits.onLogin?.();
        return (await this.#readLogin(alias, transport, limits)) !== null;
      },
      confirm: async ({ report }) => {
        const inDoubt = report.candidates > 1 || report.wrapped;
        const program = { path: report.opencodePath ?? '', identity: report.identity };
        // opencode would fill an empty database, and move the sessions of an older one into a new one.
        const mayWrite = report.doubts.has('empty') || (report.state.kind === 'no-database' && report.state.legacy);
        if (!inDoubt || mayWrite || !limits.mayStartOpencode) return false;
        if (this.#places.isConfirmed(alias, previous, program.identity)) return false;
        if (!this.#places.tryToConfirm(alias, program.identity)) return false;
        limits.onLogin?.();
        const confirmed = await this.confirmDatabase(host, program, limits).catch((error: unknown) => {
          if (transport.closed || limits.signal.aborted) throw error;
          return null;
        });
        return confirmed !== null && confirmed.path !== report.databasePath;
      },
    };
  }

  /**
   * Asks the login shell; `null` if no second shell is possible, as with MaxSessions 1. Rejects with a TransportError when the connection is lost.
   */
  async #readLogin(alias: string, transport: Transport, limits: ProbeLimits): Promise<LoginEnvironment | null> {
    const { readLogin } = this.#options;
    if (readLogin === undefined) return null;
    try {
      const login = await readLogin(transport, limits.timeout, limits.signal);
      this.#places.keepLogin(alias, login);
      return login;
    } catch (error) {
      if (!(error instanceof TransportError) || transport.closed || limits.signal.aborted) throw error;
      return null;
    }
  }

  async #shell(alias: string, transport: Transport, limits: ProbeLimits): Promise<Shell> {
    const known = this.#shells.get(alias);
    if (known?.transport === transport && !known.shell.closed) return known.shell;
    const shell = await transport.shell(limits.signal);
    this.#shells.set(alias, { transport, shell });
    return shell;
  }
}

/** The shell was closed during a survey to free its channel, on a host that allows few. */
class ShellTaken extends ProbeError {
  constructor() {
    super('error', 'its shell was closed during the survey to make room for another program', {
      hint: 'It allows few programs on one connection: see sshd_config(5), MaxSessions.',
    });
  }
}

/** The earlier reading is in the same doubt. */
function doubtOf(report: SurveyReport, rung: Rung | null, previous: Snapshot | null): string | null {
  if (report.state.kind === 'unchanged') return previous?.doubt ?? null;
  return describeDoubt({ ...report, rung });
}

/** True if the connection is lost, or as good as lost. */
function isLost(error: unknown): boolean {
  return error instanceof TransportError && (error.kind === 'closed' || error.kind === 'timeout');
}

function runLimits(limits: ProbeLimits, patience: number): RunLimits {
  return { signal: limits.signal, idleTimeout: limits.timeout * patience, maxBytes: MAX_BYTES };
}

/** Returns the snapshot whose rows can be reused, if they are recent enough. */
function reusable(previous: Snapshot | null, now: number): Snapshot | null {
  if (previous === null || Math.abs(now - previous.readAt) > REREAD_AFTER_MS) return null;
  return previous;
}
