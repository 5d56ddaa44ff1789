import { bucket, type Point, peakOf, pointsOf, ratesOf, smooth } from './points.ts';
import type { FleetSample } from './pulse-sample.ts';
import { SAMPLE_MS } from './pulse-series.ts';

/** The graphs of the fleet: numbers of sessions by state, tokens a minute, and US dollars an hour. */
export const GRAPH_NAMES = ['waiting', 'working', 'error', 'done', 'active', 'tokens', 'money'] as const;
export type GraphName = (typeof GRAPH_NAMES)[number];

/** One graph over a time. */
export interface GraphHistory {
  /** The greatest value in each column; `null` in a gap. */
  readonly values: readonly (number | null)[];
  /** The greatest value of all; 0 if there is none. */
  readonly peak: number;
  /** The last value, if it is of these minutes, else 0. */
  readonly latest: number;
}

export interface PulseHistory {
  /** True if nothing was recorded in that time. */
  readonly isEmpty: boolean;
  readonly graphs: Readonly<Record<GraphName, GraphHistory>>;
}

const HOUR_MS = 60 * SAMPLE_MS;
/** Milliseconds over which the cost per hour is averaged: it jumps with the price of each step. */
const MONEY_SPAN_MS = 10 * SAMPLE_MS;
/** Milliseconds after which a value is not the present one. */
const MAX_AGE_MS = 3 * SAMPLE_MS;

const computed = new WeakMap<readonly FleetSample[], { key: string; history: PulseHistory }>();

/**
 * Returns the graphs of the last `span` milliseconds in so many columns. Their end moves once a minute, so that they keep their shape, and moving the
 * cursor computes nothing.
 */
export function pulseHistory(
  samples: readonly FleetSample[],
  now: number,
  span: number,
  columns: number,
): PulseHistory {
  const to = Math.ceil(now / SAMPLE_MS) * SAMPLE_MS;
  const key = `${to} ${span} ${columns}`;
  const known = computed.get(samples);
  if (known?.key === key) return known.history;
  const history = compute(samples, to - span, to, columns);
  computed.set(samples, { key, history });
  return history;
}

function compute(samples: readonly FleetSample[], from: number, to: number, columns: number): PulseHistory {
  const recent = samples.filter(({ at }) => at > from && at <= to);
  const graphOf = (points: readonly Point[]): GraphHistory => {
    const last = points.at(-1);
    return {
      values: bucket(points, from, to, columns),
      peak: peakOf(points, from),
      latest: last !== undefined && to - last.at <= MAX_AGE_MS ? last.value : 0,
    };
  };
  const cost = ratesOf(recent, (sample) => sample.cost, HOUR_MS);
  return {
    isEmpty: recent.length === 0,
    graphs: {
      waiting: graphOf(pointsOf(recent, (sample) => sample.waiting)),
      working: graphOf(pointsOf(recent, (sample) => sample.working)),
      error: graphOf(pointsOf(recent, (sample) => sample.error)),
      done: graphOf(pointsOf(recent, (sample) => sample.done)),
      active: graphOf(pointsOf(recent, (sample) => sample.active)),
      tokens: graphOf(ratesOf(recent, ({ tokensIn, tokensOut }) => tokensIn + tokensOut, SAMPLE_MS)),
      money: graphOf(smooth(cost, MONEY_SPAN_MS)),
    },
  };
}
