import type { ConnectionInfo } from '../domain/connection.ts';
import type { Host, UrlRoute } from '../domain/host.ts';
import { boundSessions } from '../domain/host-bounds.ts';
import { serverAt } from '../domain/server.ts';
import { dedupeSessions, type Session } from '../domain/session.ts';
import type { Snapshot } from '../domain/snapshot.ts';
import type { Clock } from '../lib/clock.ts';
import { ServerError } from '../opencode/server/server-error.ts';
import { TransportError } from '../transport/transport.ts';
import { ProbeError } from './probe-error.ts';
import type { ProbeLimits } from './prober.ts';

/** The part of a client that reads a server known by its URL. */
export interface UrlSource {
  health(signal: AbortSignal): Promise<{ readonly version: string }>;
  sessionsQuietly(signal: AbortSignal): Promise<readonly Session[]>;
  servesOnlyApi(signal: AbortSignal): Promise<boolean>;
}

export interface UrlProbeParts<Source extends UrlSource> {
  /** Returns the shared client of the server. Rejects with a UserError if its password must not be sent, or is not to be had. */
  open(host: Host, signal: AbortSignal): Promise<Source>;
  /** Gives up a client whose credentials were refused, so that the next one logs in again. */
  discard(source: Source): Promise<void>;
  /** Returns where the user can set the password of an instance. */
  passwordAdvice(name: string): string;
  readonly clock: Clock;
}

export const URL_CONNECTION: ConnectionInfo = { kind: 'url', reason: null, notes: [] };

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
    ({ version } = await source.health(limited));
    const latency = performance.now() - asked;
    const at = parts.clock();
    const sessions = await source.sessionsQuietly(signal);
    return snapshotOf(url, version, { at, latency, sessions: boundSessions(dedupeSessions(sessions)) });
  } catch (error) {
    if (patience.aborted && !signal.aborted && version === null) {
      throw failure('offline', `no answer within ${timeout / 1000} s`);
    }
    const unknown = error instanceof ServerError && (error.kind === 'not-found' || error.kind === 'protocol');
    if (unknown && version === null && (await source.servesOnlyApi(limited))) {
      throw failure('error', 'the server there serves only the API of opencode 2, which this ocr cannot read');
    }
    if (error instanceof ServerError && error.kind === 'unauthorized') await parts.discard(source);
    throw explain(error, { url, version, advice: parts.passwordAdvice(host.alias) });
  }
}

function snapshotOf(
  url: string,
  version: string,
  { at, latency, sessions }: Pick<Snapshot, 'at' | 'latency' | 'sessions'>,
): Snapshot {
  return {
    ...{ at, readAt: at, latency, sessions, rung: 'http' },
    servers: [serverAt(url, version)],
    opencode: { path: '', version, identity: url },
    ...{ passedOver: [], doubt: null, fingerprint: null, connection: URL_CONNECTION },
    // A server tells neither its machine's clock nor its processes, and nothing of its database.
    ...{ clockOffset: 0, clock: null, processes: null, login: null },
    ...{ databasePath: null, confirmed: null, candidates: 0, wrapped: false },
  };
}

interface Circumstances {
  readonly url: string;
  /** The server's version; `null` if it did not tell. */
  readonly version: string | null;
  readonly advice: string;
}

function explain(error: unknown, { url, version, advice }: Circumstances): unknown {
  if (!(error instanceof ServerError)) return error;
  // Its words are better, and name what to do.
  if (error.cause instanceof TransportError) return error.cause;
  switch (error.kind) {
    case 'unauthorized':
      return failure('auth-required', `the server refuses the request: ${error.reason}`, advice);
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
