import type { ConnectionInfo } from '../domain/connection.ts';
import type { HostStatus, ProbeFailure } from '../domain/snapshot.ts';
import { ExpectedError, messageOf } from '../lib/errors.ts';
import { TransportError, type TransportErrorKind } from '../transport/transport.ts';

/** A host that answered, but not with sessions. The states `auth-required` and `offline` are those of a server known by its URL. */
export class ProbeError extends ExpectedError {
  override readonly name = 'ProbeError';
  readonly status: 'no-opencode' | 'error' | 'auth-required' | 'offline';
  readonly latency: number | null;
  /** How the host is connected, once known. */
  connection: ConnectionInfo | null = null;

  constructor(status: ProbeError['status'], message: string, options: { hint?: string; latency?: number } = {}) {
    super(message, options);
    this.status = status;
    this.latency = options.latency ?? null;
  }
}

const STATUS_OF_KIND: Readonly<Record<TransportErrorKind, Exclude<HostStatus, 'online'>>> = {
  refused: 'offline',
  timeout: 'offline',
  dns: 'offline',
  unreachable: 'offline',
  closed: 'offline',
  aborted: 'offline',
  auth: 'auth-required',
  'host-key-unknown': 'host-key-unknown',
  'host-key-changed': 'host-key-changed',
  blocked: 'blocked',
  'no-shell': 'no-shell',
  protocol: 'error',
  overflow: 'error',
};

const NOTHING = { hint: null, latency: null, blockedBy: null, connection: null };

/** The state that an error puts a host into. */
export function probeFailureOf(error: unknown, at: number): ProbeFailure {
  if (error instanceof ProbeError) {
    const { status, message: reason, hint, latency, connection } = error;
    return { ...NOTHING, status, reason, hint, at, latency, connection };
  }
  if (error instanceof TransportError) {
    const { kind, message: reason, hint, by } = error;
    return { ...NOTHING, status: STATUS_OF_KIND[kind], reason, hint, at, blockedBy: by };
  }
  const hint = error instanceof ExpectedError ? error.hint : null;
  return { ...NOTHING, status: 'error', reason: messageOf(error), hint, at };
}
