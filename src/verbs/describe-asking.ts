import type { HostEntry } from '../domain/fleet.ts';

/** Slow hosts that are named. */
const NAMED = 3;

/** Describes the hosts still awaited, on one line. */
export function describeAsking(all: readonly HostEntry[]): string {
  const asked = all.filter(({ refreshing, fresh, failure }) => refreshing || fresh || failure !== null);
  const waiting = asked.filter(({ refreshing }) => refreshing);
  const asking = `asking ${asked.length} ${asked.length === 1 ? 'host' : 'hosts'}`;
  if (waiting.length === 0) return `${asking}: all have answered, reading the rest`;
  const named = waiting.slice(0, NAMED).map(({ host }) => host.label);
  const more = waiting.length - named.length;
  const names = `${named.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
  return `${asking}, ${asked.length - waiting.length} answered: waiting for ${names}`;
}
