import { dayFrom, startOfDay } from '../../domain/day-use.ts';
import type { FleetSample } from './pulse-sample.ts';

/** Milliseconds by which a sample may miss a time of day. */
const TOLERANCE_MS = 15 * 60_000;
const DAYS_A_WEEK = 7;

/**
 * Returns the cost since Monday, US dollars. `isComplete` is false if the fleet was not watched until the end of each day before today: the rest of such a
 * day is missing.
 * @param today the fleet's numbers now
 */
export function costOfWeek(samples: readonly FleetSample[], today: FleetSample): { cost: number; isComplete: boolean } {
  const weekday = (new Date(today.at).getDay() + 6) % DAYS_A_WEEK;
  let { cost } = today;
  let isComplete = true;
  for (let back = 1; back <= weekday; back += 1) {
    const [from, to] = [dayFrom(today.at, -back), dayFrom(today.at, 1 - back)];
    const last = samples.findLast(({ at }) => at >= from && at < to);
    cost += last?.cost ?? 0;
    if (last === undefined || last.at < to - TOLERANCE_MS) isComplete = false;
  }
  return { cost, isComplete };
}

/**
 * Returns how much more was spent today than yesterday by this time of day, as a part of that: 0.5 for half as much again. `null` if yesterday was not
 * watched then, or cost nothing.
 */
export function changeSinceYesterday(samples: readonly FleetSample[], today: FleetSample): number | null {
  const then = dayFrom(today.at, -1) + (today.at - startOfDay(today.at));
  const sample = samples.findLast(({ at }) => at <= then);
  if (sample === undefined || then - sample.at > TOLERANCE_MS || sample.cost <= 0) return null;
  return startOfDay(sample.at) === startOfDay(then) ? today.cost / sample.cost - 1 : null;
}
