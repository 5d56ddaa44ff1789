import type { FleetSample, HostSample, PulseSample } from './pulse-sample.ts';

/** Samples over time, oldest first. Immutable. */
export interface PulseSeries {
  /** Of the last seven days. */
  readonly fleet: readonly FleetSample[];
  /** Of the last hour. */
  readonly hosts: readonly HostSample[];
}

/** Milliseconds between two samples. */
export const SAMPLE_MS = 60_000;
const HOUR_MS = 60 * SAMPLE_MS;
const WEEK_MS = 7 * 24 * HOUR_MS;
export const MAX_FLEET_SAMPLES = WEEK_MS / SAMPLE_MS;
export const MAX_HOST_SAMPLES = HOUR_MS / SAMPLE_MS;
/** Two samples closer than this are of one minute, taken by two programs. */
const MIN_DISTANCE_MS = SAMPLE_MS / 2;

export const NO_SERIES: PulseSeries = { fleet: [], hosts: [] };

/** Appends a sample, and drops what is too old. Drops later samples too: a clock that was set back makes them false. */
export function withSample({ fleet, hosts }: PulseSeries, sample: PulseSample): PulseSeries {
  return {
    fleet: [...keptBefore(fleet, sample.fleet.at, WEEK_MS), sample.fleet].slice(-MAX_FLEET_SAMPLES),
    hosts: [...keptBefore(hosts, sample.hosts.at, HOUR_MS), sample.hosts].slice(-MAX_HOST_SAMPLES),
  };
}

function keptBefore<Sample extends { readonly at: number }>(samples: readonly Sample[], at: number, age: number) {
  return samples.filter((sample) => sample.at < at && sample.at > at - age);
}

/** Returns samples of several programs as one series, in order, one a minute, none from the future or too old. */
export function mergeSeries({ fleet, hosts }: PulseSeries, now: number): PulseSeries {
  return {
    fleet: thinOut(fleet, now, WEEK_MS).slice(-MAX_FLEET_SAMPLES),
    hosts: thinOut(hosts, now, HOUR_MS).slice(-MAX_HOST_SAMPLES),
  };
}

function thinOut<Sample extends { readonly at: number }>(samples: readonly Sample[], now: number, age: number) {
  const kept: Sample[] = [];
  const inTime = samples.filter(({ at }) => at <= now && at > now - age).sort((one, other) => one.at - other.at);
  for (const sample of inTime) {
    const last = kept.at(-1);
    if (last === undefined || sample.at - last.at >= MIN_DISTANCE_MS) kept.push(sample);
  }
  return kept;
}
