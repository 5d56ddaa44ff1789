/** Keeps the pause finite where no maximum does. */
const MAX_DOUBLINGS = 20;

export interface BackOff {
  /** Pause after the first failure, milliseconds. */
  readonly first: number;
  readonly max: number;
  /** Failures in a row, from 1. */
  readonly failures: number;
}

/**
 * Returns the milliseconds to wait after so many failures: doubled with each, and spread by a fifth either way, so that those that failed together do not
 * retry together. `random` returns 0 to 1.
 */
export function backOff({ first, max, failures }: BackOff, random: () => number): number {
  const pause = first * 2 ** Math.min(failures - 1, MAX_DOUBLINGS);
  return Math.round(Math.min(pause, max) * (0.8 + 0.4 * random()));
}
