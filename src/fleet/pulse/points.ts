import { startOfDay } from '../../domain/day-use.ts';
import type { FleetSample } from './pulse-sample.ts';
import { SAMPLE_MS } from './pulse-series.ts';

/** A value at a time (epoch milliseconds). */
export interface Point {
  readonly at: number;
  readonly value: number;
}

/** Milliseconds that a sample stands for: its minute, and some delay. */
const COVERED_MS = 1.5 * SAMPLE_MS;
/** Milliseconds between two samples beyond which the time between them is a gap. */
const MAX_STEP_MS = 3 * SAMPLE_MS;

/**
 * Returns the greatest value in each of `columns` equal parts of the time from `from` to `to` (epoch milliseconds); `null` where there is no point.
 * @param points oldest first
 */
export function bucket(points: readonly Point[], from: number, to: number, columns: number): (number | null)[] {
  const values = new Array<number | null>(Math.max(0, columns)).fill(null);
  const width = (to - from) / columns;
  if (columns <= 0 || width <= 0) return values;
  for (const { at, value } of points) {
    if (at <= from || at > to) continue;
    // A division may come out a little above the number of columns.
    const last = Math.min(columns, Math.ceil((at - from) / width)) - 1;
    // Where a column is shorter than a minute, a point fills several.
    const first = Math.min(last, Math.max(0, Math.floor((at - COVERED_MS - from) / width) + 1));
    for (let column = first; column <= last; column += 1) values[column] = Math.max(values[column] ?? 0, value);
  }
  return values;
}

/** Returns one number of each sample as points. */
export function pointsOf(samples: readonly FleetSample[], pick: (sample: FleetSample) => number): Point[] {
  return samples.map((sample) => ({ at: sample.at, value: pick(sample) }));
}

/**
 * Returns how fast a sum of today grows, from each two consecutive samples. Tells nothing of a gap, nor where the number of hosts in the sum has changed.
 * A sum that falls starts again at midnight; if it falls during a day, sessions were deleted.
 * @param unit milliseconds that a rate is given for
 */
export function ratesOf(samples: readonly FleetSample[], pick: (sample: FleetSample) => number, unit: number): Point[] {
  const rates: Point[] = [];
  for (const [index, sample] of samples.entries()) {
    const before = samples[index - 1];
    if (before === undefined || before.hosts !== sample.hosts) continue;
    const step = sample.at - before.at;
    if (step <= 0 || step > MAX_STEP_MS) continue;
    let grown = pick(sample) - pick(before);
    if (grown < 0) grown = startOfDay(before.at) === startOfDay(sample.at) ? 0 : pick(sample);
    rates.push({ at: sample.at, value: (grown * unit) / step });
  }
  return rates;
}

/** Returns the mean of the points of the last `span` milliseconds at each point. */
export function smooth(points: readonly Point[], span: number): Point[] {
  let first = 0;
  let sum = 0;
  return points.map(({ at, value }, index) => {
    sum += value;
    for (let oldest = points[first]; oldest !== undefined && oldest.at <= at - span; oldest = points[first]) {
      sum -= oldest.value;
      first += 1;
    }
    return { at, value: Math.max(0, sum) / (index - first + 1) };
  });
}

/** Returns the greatest value after `from`; 0 if there is none. */
export function peakOf(points: readonly Point[], from: number): number {
  return points.reduce((peak, { at, value }) => (at > from ? Math.max(peak, value) : peak), 0);
}
