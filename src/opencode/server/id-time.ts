/** Ascending ids of opencode (packages/opencode/src/id/id.ts): prefix, then 48 bits of the time in milliseconds times 4096 and a counter, then random. */
const ASCENDING = /^[a-z]+_([0-9a-f]{12})/;
const COUNTER_BITS = 12;
/** Ids omit the upper bits of the time, which wraps every 2^36 ms, about 795 days. */
const TIME_WRAP_MS = 2 ** 36;

/**
 * Returns when an id was created, in epoch milliseconds of the creating machine's clock: the latest matching time that
 * is at most a minute after `now`. Returns `null` for an id of another form.
 */
export function timeOfId(id: string, now: number): number | null {
  const digits = ASCENDING.exec(id)?.[1];
  if (digits === undefined) return null;
  const part = Math.floor(Number.parseInt(digits, 16) / 2 ** COUNTER_BITS);
  const latest = now + 60_000;
  return latest - ((((latest - part) % TIME_WRAP_MS) + TIME_WRAP_MS) % TIME_WRAP_MS);
}
