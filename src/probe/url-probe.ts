import type { ConnectionInfo } from '../domain/connection.ts';
import type { Host, UrlRoute } from '../domain/host.ts';
import { boundSessions } from '../domain/host-bounds.ts';
import { serverAt } from '../domain/server.ts';
import { dedupeSessions, type Session } from '../domain/session.ts';
import type { Snapshot } from '../domain/snapshot.ts';
import type { Clock } from '../lib/clock.ts';
import type { ServerHealth } from '../opencode/server/server-client.ts';
import { ServerError } from '../opencode/server/server-error.ts';
import { TransportError } from '../transport/transport.ts';
import { ProbeError } from './probe-error.ts';
import type { ProbeLimits } from './prober.ts';

/** The part of a client that reads a server known by its URL. */
export interface UrlSource {
  health(signal: AbortSignal): Promise<ServerHealth>;
  sessionsQuietly(signal: AbortSignal): Promise<readonly Session[]>;
  servesOnlyApi(signal: AbortSignal): Promise<boolean>;
}

export interface UrlProbeParts<Source extends UrlSource> {
  /** Returns the shared client of the server. Rejects with a UserError if its password must not be sent, or is not to be had. */
  open(host: Host, signal: AbortSignal): Promise<Source>;
  /** Gives up a client whose credentials were refused, so that the next one logs in again. */
  discard(source: Source): Promise<void>;
  /** True if an instance has a password or another secret to send. */
  hasSecret(name: string): boolean;
  /** Returns where the user can set the password of an instance. */
  passwordAdvice(name: string): string;
  readonly clock: Clock;
}

const URL_CONNECTION: ConnectionInfo = { kind: 'url', reason: null, notes: [] };
/** Milliseconds that a server's clock may be off without notice: it tells whole seconds, after a delay. */
const CLOCK_TOLERANCE_MS = 3000;

/**
 * Takes a snapshot of a host that is known by its URL, by requests to its server alone. Rejects with a ProbeError, a TransportError or a UserError.
 */
export async function probeUrl<Source extends UrlSource>(
  parts: UrlProbeParts<Source>,
  host: Host,
  { url }: UrlRoute,
  { signal, timeout }: Pick<ProbeLimits, 'signal' | 'timeout'>,
): Promise<Snapshot> {
  const patience = AbortSignal.timeout(timeout);
  const limited = AbortSignal.any([signal, patience]);
  const source = await parts.open(host, signal);
  let version: string | null = null;
  try {
    const asked = performance.now();
    const health = await source.health(limited);
    ({ version } = health);
    const latency = performance.now() - asked;
    const at = parts.clock();
    const offset = health.now == null ? 0 : health.now - at;
    const clockOffset = Math.abs(offset) > CLOCK_TOLERANCE_MS ? offset : 0;
    const sessions = await source.sessionsQuietly(signal);
    return snapshotOf(url, version, {
      ...{ at, latency, clockOffset },
      sessions: boundSessions(dedupeSessions(sessions)),
    });
  } catch (error) {
    if (patience.aborted && !signal.aborted && version === null) {
      throw failure('offline', `no answer within ${timeout / 1000} s`);
    }
    const unknown = error instanceof ServerError && (error.kind === 'not-found' || error.kind === 'protocol');
    if (unknown && version === null && (await source.servesOnlyApi(limited))) {
      throw failure('error', 'the server there serves only the API of opencode 2, which this ocr cannot read');
    }
    if (error instanceof ServerError && error.kind === 'unauthorized') await parts.discard(source);
    const { alias } = host;
    throw explain(error, { url, version, hasSecret: parts.hasSecret(alias), advice: parts.passwordAdvice(alias) });
  }
}

function snapshotOf(
  url: string,
  version: string,
  { at, latency, clockOffset, sessions }: Pick<Snapshot, 'at' | 'latency' | 'clockOffset' | 'sessions'>,
): Snapshot {
  return {
    ...{ at, readAt: at, latency, clockOffset, sessions, rung: 'http' },
    servers: [serverAt(url, version)],
    opencode: { path: '', version, identity: url },
    ...{ passedOver: [], doubt: null, fingerprint: null, connection: URL_CONNECTION },
    // A server does not tell the processes of its machine, its start, or its database.
    ...{ clock: null, processes: null, login: null },
    ...{ databasePath: null, confirmed: null, candidates: 0, wrapped: false },
  };
}

interface Circumstances {
  readonly url: string;
  /** The server's version; `null` if it did not tell. */
  readonly version: string | null;
  readonly hasSecret: boolean;
  readonly advice: string;
}

function explain(error: unknown, { url, version, hasSecret, advice }: Circumstances): unknown {
  if (!(error instanceof ServerError)) return error;
  // Its words are better, and name what to do.
  if (error.cause instanceof TransportError) return error.cause;
  switch (error.kind) {
    case 'unauthorized':
      return failure('auth-required', `the server ${hasSecret ? 'refuses our' : 'wants a'} password`, advice);
    case 'refused':
    case 'timeout':
    case 'closed':
      return failure('offline', error.reason);
    default: {
      if (version !== null) {
        return failure('error', `opencode ${version} does not list its sessions as expected: ${error.message}`, UPDATE);
      }
      const hint = `Look at the host, the port and the path of ${url}. opencode before 1.1 does not answer this either: ${UPDATE}`;
      return failure('error', `no opencode that ocr knows answers there: ${error.message}`, hint);
    }
  }
}

const UPDATE = 'update opencode there.';

function failure(status: ProbeError['status'], message: string, hint?: string): ProbeError {
  const error = new ProbeError(status, message, hint === undefined ? {} : { hint });
  error.connection = URL_CONNECTION;
  return error;
}
