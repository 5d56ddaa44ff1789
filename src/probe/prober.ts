import type { Host } from '../domain/host.ts';
import { type Server, serverKey } from '../domain/server.ts';
import { dedupeSessions, type Session } from '../domain/session.ts';
import type { Snapshot } from '../domain/snapshot.ts';
import type { Clock } from '../lib/clock.ts';
import { messageOf } from '../lib/errors.ts';
import { portableScript } from '../lib/shell-quote.ts';
import { parseVersion } from '../opencode/cli-output.ts';
import { parseOwnSecret } from '../opencode/server-process/own-server-answer.ts';
import type { Interaction } from '../transport/interaction.ts';
import { type RunLimits, type Shell, type Transport, TransportError } from '../transport/transport.ts';
import type { TransportPool } from '../transport/transport-pool.ts';
import { ProbeError } from './probe-error.ts';
import type { Run } from './reading.ts';
import { listSessions } from './session-list.ts';
import { type ReadServers, takeSurvey } from './survey.ts';
import { OWN_SECRET_SCRIPT, versionScript } from './survey-script.ts';

/** Bytes of one answer: some 100,000 sessions. */
const MAX_BYTES = 64 * 1024 * 1024;
/** How many times the timeout a call of opencode may be silent: each takes seconds of CPU. */
const SLOW = 6;
/** Milliseconds after which an unchanged database is read again all the same. */
const REREAD_AFTER = 5 * 60_000;

export interface ProbeLimits {
  readonly signal: AbortSignal;
  /** Milliseconds to connect, and of silence while answering. */
  readonly timeout: number;
  /** Read more than the core columns. */
  readonly enrich: boolean;
  /** Who can be asked while a connection is made; `null` asks nothing. */
  readonly interaction: Interaction | null;
}

export interface ProberOptions {
  /**
   * Reads all sessions of a host from one of its servers, for hosts whose database cannot be read. `password` is that of ocr's own server, `null`
   * for others. Rejects when the server does not give them.
   */
  readonly sessionsByHttp?: (
    host: Host,
    transport: Transport,
    server: Server,
    password: string | null,
    signal: AbortSignal,
  ) => Promise<readonly Session[]>;
}

/** Asks hosts what they run, over one persistent shell each. */
export class Prober {
  readonly #pool: TransportPool;
  readonly #clock: Clock;
  readonly #options: ProberOptions;
  readonly #shells = new Map<string, { transport: Transport; shell: Shell }>();
  /** Of ocr's own servers, by `serverKey`, for each alias. Held here and nowhere else. */
  readonly #passwords = new Map<string, ReadonlyMap<string, string>>();

  constructor(pool: TransportPool, clock: Clock, options: ProberOptions = {}) {
    this.#pool = pool;
    this.#clock = clock;
    this.#options = options;
  }

  /**
   * Takes a snapshot. `previous` spares the host what has not changed. A connection that served before and is lost now, or silent, is replaced at once:
   * it is likelier than the host to be the trouble. Rejects with a TransportError or a ProbeError.
   */
  async probe(host: Host, previous: Snapshot | null, limits: ProbeLimits): Promise<Snapshot> {
    const served = this.#shells.get(host.alias)?.transport;
    const transport = await this.#pool.get(host, limits);
    const progress = { answered: false };
    try {
      return await this.#ask(host, transport, previous, limits, progress);
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
    const shell = await this.#shell(host.alias, transport, limits);
    const run: Run = async (script, patience) => {
      const reply = await shell.run(script, runLimits(limits, patience === 'slow' ? SLOW : 1));
      progress.answered = true;
      return reply;
    };
    const known = reusable(previous, this.#clock());
    const readServers = this.#readServers(host, transport, run, limits.signal);
    const survey = await takeSurvey(host, known, limits.enrich, run, this.#clock, readServers);
    const { report, latency, at } = survey;
    const path = report.opencodePath ?? '';
    const read = survey.read ?? (await listSessions(previous, run, survey.passedOver));
    await this.#learnPasswords(host.alias, report.servers, run);
    const sameProgram = previous?.opencode.path === path && previous.opencode.identity === report.identity;
    return {
      at,
      latency,
      clockOffset: survey.clockOffset ?? previous?.clockOffset ?? 0,
      opencode: { path, identity: report.identity, version: sameProgram ? previous.opencode.version : null },
      databasePath: report.databasePath,
      fingerprint: read.fingerprint,
      readAt: report.state.kind === 'unchanged' ? (previous?.readAt ?? at) : at,
      rung: read.rung,
      passedOver: read.passedOver,
      processes: report.processes,
      servers: report.servers,
      sessions: dedupeSessions(read.sessions),
      connection: transport.connection,
    };
  }

  /** Asks for opencode's version, which is slow; `null` when it does not tell. Rejects with a TransportError. */
  async version(host: Host, path: string, limits: ProbeLimits): Promise<string | null> {
    const transport = await this.#pool.get(host, limits);
    return parseVersion((await transport.exec(portableScript(versionScript(path)), runLimits(limits, SLOW))).stdout);
  }

  /** The password of ocr's own server on a host; `null` until a probe has listed that server, and for all others. */
  ownPassword(alias: string, server: Pick<Server, 'pid' | 'startId' | 'port'>): string | null {
    return this.#passwords.get(alias)?.get(serverKey(server)) ?? null;
  }

  #readServers(host: Host, transport: Transport, run: Run, signal: AbortSignal): ReadServers | null {
    const { sessionsByHttp } = this.#options;
    if (sessionsByHttp === undefined) return null;
    return async (servers) => {
      await this.#learnPasswords(host.alias, servers, run);
      const reasons: string[] = [];
      for (const server of servers) {
        try {
          return await sessionsByHttp(host, transport, server, this.ownPassword(host.alias, server), signal);
        } catch (error) {
          reasons.push(`port ${server.port}: ${messageOf(error)}`);
        }
      }
      throw new Error(reasons.join('; '));
    };
  }

  /** Asks for the passwords that are not known yet, and forgets those of servers that are gone. */
  async #learnPasswords(alias: string, servers: readonly Server[], run: Run): Promise<void> {
    const passwords = new Map<string, string>();
    for (const server of servers.filter(({ own }) => own)) {
      const password = this.ownPassword(alias, server) ?? parseOwnSecret((await run(OWN_SECRET_SCRIPT)).output, server);
      if (password !== null) passwords.set(serverKey(server), password);
    }
    this.#passwords.set(alias, passwords);
  }

  async #shell(alias: string, transport: Transport, limits: ProbeLimits): Promise<Shell> {
    const known = this.#shells.get(alias);
    if (known?.transport === transport && !known.shell.closed) return known.shell;
    const shell = await transport.shell(limits.signal);
    this.#shells.set(alias, { transport, shell });
    return shell;
  }
}

/** Is the connection gone, or as good as that? */
function isLost(error: unknown): boolean {
  return error instanceof TransportError && (error.kind === 'closed' || error.kind === 'timeout');
}

function runLimits(limits: ProbeLimits, patience: number): RunLimits {
  return { signal: limits.signal, idleTimeout: limits.timeout * patience, maxBytes: MAX_BYTES };
}

/** The snapshot whose rows may be used again, while they are young enough. */
function reusable(previous: Snapshot | null, now: number): Snapshot | null {
  if (previous === null || Math.abs(now - previous.readAt) > REREAD_AFTER) return null;
  return previous;
}
