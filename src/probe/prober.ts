import type { Host } from '../domain/host.ts';
import { dedupeSessions } from '../domain/session.ts';
import type { Snapshot } from '../domain/snapshot.ts';
import type { Clock } from '../lib/clock.ts';
import { portableScript } from '../lib/shell-quote.ts';
import { parseVersion } from '../opencode/cli-output.ts';
import type { RunLimits, Shell, Transport } from '../transport/transport.ts';
import type { TransportPool } from '../transport/transport-pool.ts';
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

  /** Takes a snapshot. `previous` spares the host what has not changed. Rejects with a TransportError or a ProbeError. */
  async probe(host: Host, previous: Snapshot | null, limits: ProbeLimits): Promise<Snapshot> {
    const shell = await this.#shell(host, limits);
    const run: Run = (script, patience) => shell.run(script, runLimits(limits, patience === 'slow' ? SLOW : 1));
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
    };
  }

  /** Asks for opencode's version, which is slow; `null` when it does not tell. Rejects with a TransportError. */
  async version(host: Host, path: string, limits: ProbeLimits): Promise<string | null> {
    const transport = await this.#pool.get(host, limits);
    return parseVersion((await transport.exec(portableScript(versionScript(path)), runLimits(limits, SLOW))).stdout);
  }

  async #shell(host: Host, limits: ProbeLimits): Promise<Shell> {
    const transport = await this.#pool.get(host, limits);
    const known = this.#shells.get(host.alias);
    if (known?.transport === transport && !known.shell.closed) return known.shell;
    const shell = await transport.shell(limits.signal);
    this.#shells.set(host.alias, { transport, shell });
    return shell;
  }
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
