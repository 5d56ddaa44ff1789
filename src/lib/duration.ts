const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const WHOLE = /^(?:\d+(?:\.\d+)?(?:ms|s|m|h|d))+$/;
const PART = /(\d+(?:\.\d+)?)(ms|s|m|h|d)/g;

/**
 * Parses a duration such as `30s`, `10m` or `1h30m` (the form of Go's time.ParseDuration, and `d`) into milliseconds;
 * `null` for anything else.
 */
export function parseDuration(text: string): number | null {
  if (!WHOLE.test(text)) return null;
  let total = 0;
  for (const [, amount, unit] of text.matchAll(PART)) total += Number(amount) * (UNITS[unit ?? ''] ?? Number.NaN);
  return total;
}

/** Parses what a user gives as a time: a number of seconds, or a duration such as `90s`. Returns milliseconds; `null` unless it is above zero. */
export function parseTime(text: string): number | null {
  const milliseconds = /^\d+(\.\d+)?$/.test(text) ? Number(text) * 1000 : parseDuration(text);
  return milliseconds !== null && milliseconds > 0 ? milliseconds : null;
}

/** Returns the shortest text of a duration in milliseconds, such as `1h30m`; `parseDuration` reads it back. */
export function formatDuration(milliseconds: number): string {
  if (milliseconds === 0) return '0s';
  const parts: string[] = [];
  let rest = milliseconds;
  for (const unit of ['d', 'h', 'm', 's', 'ms']) {
    const size = UNITS[unit] ?? 1;
    const count = unit === 'ms' ? rest : Math.floor(rest / size);
    rest -= count * size;
    if (count > 0) parts.push(`${count}${unit}`);
  }
  return parts.join('');
}
