/** Milliseconds: a host that fails is asked at least this often. */
const LONGEST = 10 * 60_000;

/**
 * Milliseconds until a host that failed is asked again: the interval, doubled for each failure in a row, spread by a fifth either way so that
 * hosts which failed together do not come back together. `random` gives 0 to 1.
 */
export function backOff(failures: number, interval: number, random: () => number): number {
  const delay = Math.min(interval * 2 ** Math.min(failures - 1, 20), Math.max(LONGEST, interval));
  return Math.round(delay * (0.8 + 0.4 * random()));
}
