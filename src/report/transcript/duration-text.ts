/** Longer spans come from a damaged clock, and no longer have three exact decimals. */
const MAX_SPAN_MS = 1e15;

/** Epoch milliseconds of a start and an end, as far as they are known. */
export interface Span {
  readonly start: number | null;
  readonly end: number | null;
}

/** Returns seconds such as `2.345s`, or `unknown`. A clock that was set back makes it `0.000s`. */
export function durationText({ start, end }: Span): string {
  const span = start === null || end === null ? Number.NaN : Math.max(0, end - start);
  return span <= MAX_SPAN_MS ? `${(span / 1000).toFixed(3)}s` : 'unknown';
}
