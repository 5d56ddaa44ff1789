import type { HostStatus } from '../domain/snapshot.ts';

/** Milliseconds: a host that fails is asked at least this often. Asking one that is down costs one packet. */
const MAX_PAUSE_MS = 2 * 60_000;
/**
 * The longest pause between retries of a refused login, milliseconds. Repeated attempts without an accepted key look like an attack, and are treated as one; a login
 * that runs no commands rarely gets a shell while a dashboard runs.
 */
const MAX_REFUSED_DELAY_MS = 10 * 60_000;
/** Doublings with which a refusal begins. */
const REFUSED = 3;

/**
 * Milliseconds until a host that failed is asked again: the interval, doubled for each failure in a row, spread by a fifth either way so that
 * hosts which failed together do not come back together. `random` gives 0 to 1.
 */
export function backOff(failures: number, interval: number, status: HostStatus, random: () => number): number {
  const refused = status === 'auth-required' || status === 'no-shell';
  const doublings = Math.min(failures - 1 + (refused ? REFUSED : 0), 20);
  const longest = Math.max(refused ? MAX_REFUSED_DELAY_MS : MAX_PAUSE_MS, interval);
  return Math.round(Math.min(interval * 2 ** doublings, longest) * (0.8 + 0.4 * random()));
}
