/** The last millisecond of the year 9999: dates that are written down hold no later one. */
const MAX_TIME_MS = 253_402_300_799_999;

/** A time that others tell (epoch milliseconds), or the one nearest to it that a date can hold. */
export function possibleTime(told: number): number {
  return Math.min(MAX_TIME_MS, Math.max(0, told));
}
