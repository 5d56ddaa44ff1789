import { formatCount } from '../../domain/format.ts';
import { measureOf, type PulseMeasure } from '../../fleet/pulse/busiest-projects.ts';
import type { UseTotals } from '../../fleet/pulse/use-today.ts';

/** Formats US dollars in at most seven columns: `$0.05`, `$186.40`, `$1.2k`. */
export function formatMoney(dollars: number): string {
  return dollars < 1000 ? `$${dollars.toFixed(2)}` : `$${formatCount(Math.round(dollars))}`;
}

/** Formats US dollars in at most five columns: `$2.9`, `$186`. */
export function formatShortMoney(dollars: number): string {
  if (dollars >= 1000) return `$${formatCount(Math.round(dollars))}`;
  return dollars >= 100 ? `$${dollars.toFixed(0)}` : `$${dollars.toFixed(1)}`;
}

/** Formats a count that may have a fraction: `0`, `41k`. */
export function formatAmount(amount: number): string {
  return formatCount(Math.round(amount));
}

/** Formats a part as `83%`. */
export function formatShare(share: number): string {
  return `${Math.round(share * 100)}%`;
}

/** Formats the measured part of a use: `$12.05`, `1.1M`, `34`. */
export function formatMeasure(use: UseTotals, measure: PulseMeasure): string {
  const amount = measureOf(use, measure);
  return measure === 'money' ? formatMoney(amount) : formatAmount(amount);
}

const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');
const WEEKDAYS = 'Sun Mon Tue Wed Thu Fri Sat'.split(' ');

/** Formats a local time of day: `14:03`. */
export function formatTimeOfDay(at: number): string {
  const date = new Date(at);
  return `${String(date.getHours()).padStart(2, '0')}:${String(date.getMinutes()).padStart(2, '0')}`;
}

/** Formats a local day: `26 Dec`. */
export function formatDay(at: number): string {
  const date = new Date(at);
  return `${date.getDate()} ${MONTHS[date.getMonth()] ?? ''}`;
}

/** Returns the local weekday: `Thu`. */
export function weekdayOf(at: number): string {
  return WEEKDAYS[new Date(at).getDay()] ?? '';
}
