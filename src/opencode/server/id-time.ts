/** Ascending ids of opencode (packages/opencode/src/id/id.ts): prefix, then 48 bits of the time in milliseconds times 4096 and a counter, then random. */
const ASCENDING = /^[a-z]+_([0-9a-f]{12})/;
const COUNTER_BITS = 12;
/** The time's upper bits are cut off: it begins anew every 2^36 milliseconds, some 795 days. */
const ROUND = 2 ** 36;

/**
 * When an id was made, epoch milliseconds of the clock of the machine that made it: the latest such time that is not after `now` by more than a minute.
 * `null` for an id of another form.
 */
export function timeOfId(id: string, now: number): number | null {
  const digits = ASCENDING.exec(id)?.[1];
  if (digits === undefined) return null;
  const part = Math.floor(Number.parseInt(digits, 16) / 2 ** COUNTER_BITS);
  const latest = now + 60_000;
  return latest - ((((latest - part) % ROUND) + ROUND) % ROUND);
}
