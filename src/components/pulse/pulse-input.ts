import { PULSE_MEASURES, type PulseMeasure } from '../../fleet/pulse/busiest-projects.ts';
import { PULSE_RANGES, type PulseRange } from '../../fleet/pulse/pulse-range.ts';
import type { PulseState } from '../../fleet/pulse/pulse-sample.ts';
import type { PulseSeries } from '../../fleet/pulse/pulse-series.ts';
import type { Painter } from '../paint/painter.ts';

/** Everything that the Pulse view shows. */
export interface PulseInput {
  readonly state: PulseState;
  readonly series: PulseSeries;
  /** Epoch milliseconds. */
  readonly now: number;
  readonly range: PulseRange;
  readonly measure: PulseMeasure;
  /** Index of the selected project in `pulseRows`; `null` selects none. */
  readonly selected: number | null;
  /** The spinner's frame. */
  readonly frame: number | null;
  readonly painter: Painter;
  readonly columns: number;
  readonly height: number;
}

const HOUR_MS = 3_600_000;
const RANGE_MS: Readonly<Record<PulseRange, number>> = { hour: HOUR_MS, day: 24 * HOUR_MS, week: 7 * 24 * HOUR_MS };
const RANGE_LABELS: Readonly<Record<PulseRange, string>> = {
  hour: 'last hour',
  day: 'last 24 hours',
  week: 'last 7 days',
};

/** Returns the words for a range, for the location line. */
export function rangeLabel(range: PulseRange): string {
  return RANGE_LABELS[range];
}

/** Returns how long a range is, milliseconds. */
export function rangeSpan(range: PulseRange): number {
  return RANGE_MS[range];
}

/** Returns the next longer range, or the next shorter one; the same at the end. */
export function stepRange(range: PulseRange, step: 1 | -1): PulseRange {
  return PULSE_RANGES[PULSE_RANGES.indexOf(range) + step] ?? range;
}

/** Returns the measure after this one, in a circle. */
export function nextMeasure(measure: PulseMeasure): PulseMeasure {
  return PULSE_MEASURES[(PULSE_MEASURES.indexOf(measure) + 1) % PULSE_MEASURES.length] ?? measure;
}

/** True if the terminal shows more than ASCII. */
export function isUnicode(painter: Painter): boolean {
  return painter.glyph('ellipsis') === '…';
}
