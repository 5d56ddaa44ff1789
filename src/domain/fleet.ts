import type { Host } from './host.ts';
import type { LiveHost } from './live.ts';
import type { HostStatus, ProbeFailure, Snapshot } from './snapshot.ts';

/**
 * A host and its known state. `snapshot` is the last answer, `failure` why the last probe gave none. Both may be set;
 * whether a probe is in flight is a third, separate fact.
 */
export interface HostEntry {
  readonly host: Host;
  readonly snapshot: Snapshot | null;
  /** The state reported by its servers. */
  readonly live: LiveHost;
  readonly failure: ProbeFailure | null;
  readonly refreshing: boolean;
  /** The answer in flight waits for the user's login shell on the host. */
  readonly waitsForLogin: boolean;
  /** True once a probe of this run has answered and none has failed since. */
  readonly fresh: boolean;
}

/** `unknown` is a host that was never asked yet. */
export function hostStatus(entry: HostEntry): HostStatus | 'unknown' {
  if (entry.failure !== null) return entry.failure.status;
  return entry.snapshot === null ? 'unknown' : 'online';
}

/** Returns on one line why nothing can be done on a host now; `null` if it can. */
export function notReadyReason(entry: HostEntry): string | null {
  const status = hostStatus(entry);
  if (status === 'online') return null;
  const { label } = entry.host;
  if (status === 'no-shell') return `${label} has no shell: its login runs no commands`;
  return status === 'no-opencode'
    ? `${label} has no opencode; e shows how to install it`
    : `${label} cannot be reached now`;
}

/** Lists ways to install opencode on a host, one per line. */
export const INSTALL_LINES: readonly string[] = [
  'Install it there with one of these, then press r:',
  '  curl -fsSL https://opencode.ai/install | bash',
  '  npm install -g opencode-ai',
];

/** True if the shown state is older than the last attempt to read the host. */
export function isStale(entry: HostEntry): boolean {
  return entry.snapshot !== null && !entry.fresh;
}
