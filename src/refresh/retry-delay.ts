import type { HostStatus } from '../domain/snapshot.ts';
import { backOff } from '../lib/back-off.ts';

/** Milliseconds: a host that fails is asked at least this often. Asking one that is down costs one packet. */
const MAX_PAUSE_MS = 2 * 60_000;
/**
 * The longest pause between retries of a refused login, milliseconds. Repeated attempts without an accepted key look like an attack, and are treated as one; a login
 * that runs no commands rarely gets a shell while a dashboard runs.
 */
const MAX_REFUSED_DELAY_MS = 10 * 60_000;
/** Doublings with which a refusal begins. */
const REFUSED = 3;

/** Returns the milliseconds until a host that failed is asked again. `random` returns 0 to 1. */
export function retryDelay(failures: number, interval: number, status: HostStatus, random: () => number): number {
  const isRefused = status === 'auth-required' || status === 'no-shell';
  const max = Math.max(isRefused ? MAX_REFUSED_DELAY_MS : MAX_PAUSE_MS, interval);
  return backOff({ first: interval, max, failures: failures + (isRefused ? REFUSED : 0) }, random);
}
