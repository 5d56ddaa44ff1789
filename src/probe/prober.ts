import type { Host } from '../domain/host.ts';
import { dedupeSessions } from '../domain/session.ts';
import type { Snapshot } from '../domain/snapshot.ts';
import type { Clock } from '../lib/clock.ts';
import { portableScript } from '../lib/shell-quote.ts';
import { parseVersion } from '../opencode/cli-output.ts';
import type { Interaction } from '../transport/interaction.ts';
import { type RunLimits, type Shell, type Transport, TransportError } from '../transport/transport.ts';
import type { TransportPool } from '../transport/transport-pool.ts';
import { ProbeError } from './probe-error.ts';
import type { Run } from './reading.ts';
import { listSessions } from './session-list.ts';
import { takeSurvey } from './survey.ts';
import { PROCESSES_SCRIPT, versionScript } from './survey-script.ts';

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

/** Asks hosts what they run, over one persistent shell each. */
export class Prober {
  readonly #pool: TransportPool;
  readonly #clock: Clock;
  readonly #shells = new Map<string, { transport: Transport; shell: Shell }>();

  constructor(pool: TransportPool, clock: Clock) {
    this.#pool = pool;
    this.#clock = clock;
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
    const survey = await takeSurvey(host, reusable(previous, this.#clock()), limits.enrich, run, this.#clock);
    const { report, latency, at } = survey;
    const path = report.opencodePath ?? '';
    const read = survey.read ?? (await listSessions(previous, run, survey.passedOver));
    const open = read.sessions.some((session) => session.turn === 'open');
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
      processes: open ? parseCount((await run(PROCESSES_SCRIPT)).output) : null,
      sessions: dedupeSessions(read.sessions),
      connection: transport.connection,
    };
  }

  /** Asks for opencode's version, which is slow; `null` when it does not tell. Rejects with a TransportError. */
  async version(host: Host, path: string, limits: ProbeLimits): Promise<string | null> {
    const transport = await this.#pool.get(host, limits);
    return parseVersion((await transport.exec(portableScript(versionScript(path)), runLimits(limits, SLOW))).stdout);
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

function parseCount(output: string): number | null {
  const text = output.trim();
  return /^\d+$/.test(text) ? Number(text) : null;
}
