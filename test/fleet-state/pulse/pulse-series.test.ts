import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bucket, peakOf, pointsOf, ratesOf, smooth } from '../../../src/fleet/pulse/points.ts';
import { pulseHistory } from '../../../src/fleet/pulse/pulse-history.ts';
import {
  MAX_FLEET_SAMPLES,
  MAX_HOST_SAMPLES,
  mergeSeries,
  NO_SERIES,
  type PulseSeries,
  withSample,
} from '../../../src/fleet/pulse/pulse-series.ts';
import { changeSinceYesterday, costOfWeek } from '../../../src/fleet/pulse/spending.ts';
import { aFleetSample, NOON, TODAY } from '../../support/a-pulse.ts';
import { DAY, HOUR, MINUTE } from '../../support/builders.ts';
import '../../support/property-rounds.ts';

const cost = (sample: { cost: number }) => sample.cost;
const atMinutes = (...costs: readonly [minute: number, cost: number][]) =>
  costs.map(([minute, value]) => aFleetSample({ at: NOON + minute * MINUTE, cost: value }));
const hostsAt = (at: number) => ({ at, hosts: new Map([['web1', { rtt: 1, load: null }]]) });

describe('the series of samples', () => {
  it('keeps a week of the fleet and an hour of its hosts', () => {
    let series: PulseSeries = NO_SERIES;
    for (let minute = 0; minute < MAX_FLEET_SAMPLES + 100; minute += 60) {
      const at = NOON + minute * MINUTE;
      series = withSample(series, { fleet: aFleetSample({ at }), hosts: hostsAt(at) });
    }
    expect(series.fleet.length).toBe(MAX_FLEET_SAMPLES / 60);
    expect(series.hosts.length).toBeLessThanOrEqual(MAX_HOST_SAMPLES);
    expect((series.fleet.at(-1)?.at ?? 0) - (series.fleet[0]?.at ?? 0)).toBeLessThan(7 * DAY);
  });

  it('drops samples from a future that a wrong clock had told', () => {
    const later = { fleet: aFleetSample({ at: NOON + DAY }), hosts: hostsAt(NOON + DAY) };
    const now = { fleet: aFleetSample({ at: NOON }), hosts: hostsAt(NOON) };
    expect(withSample(withSample(NO_SERIES, later), now).fleet.map(({ at }) => at)).toEqual([NOON]);
  });

  it('is merged with that of another program to one sample a minute', () => {
    const fleet = atMinutes([3, 3], [1, 1], [1.01, 1], [2, 2], [900, 9]);
    expect(mergeSeries({ fleet, hosts: [] }, NOON + 5 * MINUTE).fleet.map(cost)).toEqual([1, 2, 3]);
  });
});

describe('the columns of a graph', () => {
  it('show the greatest value of their time, and a gap as nothing', () => {
    const points = pointsOf(atMinutes([1, 2], [2, 5], [3, 1], [10, 4]), cost);
    expect(bucket(points, NOON, NOON + 12 * MINUTE, 4)).toEqual([5, null, null, 4]);
  });

  it('have no holes where there are more columns than minutes', () => {
    const points = pointsOf(atMinutes(...Array.from({ length: 60 }, (_, i): [number, number] => [i + 1, 1])), cost);
    expect(bucket(points, NOON, NOON + HOUR, 150)).toEqual(new Array(150).fill(1));
  });

  it('never lose the peak', () => {
    const minutes = fc.uniqueArray(fc.integer({ min: 1, max: 1440 }), { minLength: 1, maxLength: 50 });
    fc.assert(
      fc.property(minutes, fc.integer({ min: 1, max: 300 }), (at, columns) => {
        const points = at
          .sort((one, other) => one - other)
          .map((minute) => ({ at: NOON + minute * MINUTE, value: minute % 17 }));
        const values = bucket(points, NOON, NOON + DAY, columns);
        expect(values).toHaveLength(columns);
        expect(Math.max(...values.map((value) => value ?? 0))).toBe(peakOf(points, NOON));
      }),
    );
  });
});

describe('rates', () => {
  it('come from consecutive samples', () => {
    const rates = ratesOf(atMinutes([0, 1], [1, 1.5], [2, 1.5], [4, 2.5]), cost, HOUR);
    expect(rates.map(({ value }) => value)).toEqual([30, 0, 30]);
  });

  it('tell nothing of a gap, nor of a minute in which a host came back', () => {
    const samples = [
      ...atMinutes([0, 1], [10, 9], [11, 10]),
      aFleetSample({ at: NOON + 12 * MINUTE, cost: 50, hosts: 2 }),
      aFleetSample({ at: NOON + 13 * MINUTE, cost: 51, hosts: 2 }),
    ];
    expect(ratesOf(samples, cost, MINUTE).map(({ at, value }) => [(at - NOON) / MINUTE, value])).toEqual([
      [11, 1],
      [13, 1],
    ]);
  });

  it('start again at midnight, and are never negative', () => {
    const night = [
      aFleetSample({ at: TODAY - MINUTE, cost: 40 }),
      aFleetSample({ at: TODAY, cost: 2 }),
      aFleetSample({ at: TODAY + MINUTE, cost: 1 }),
    ];
    expect(ratesOf(night, cost, MINUTE).map(({ value }) => value)).toEqual([2, 0]);
  });

  it('are smoothed over the last minutes', () => {
    const points = pointsOf(atMinutes([0, 4], [1, 0], [2, 2], [30, 6]), cost);
    expect(smooth(points, 2 * MINUTE).map(({ value }) => value)).toEqual([4, 2, 1, 6]);
  });
});

describe('the graphs of a time', () => {
  const samples = atMinutes([0, 1], [1, 1.5], [2, 3.5], [3, 3.5]);

  it('are the same within a minute', () => {
    const at = (now: number) => pulseHistory(samples, now, HOUR, 10);
    expect(at(NOON + 3 * MINUTE + 1)).toBe(at(NOON + 4 * MINUTE));
    expect(at(NOON + 4 * MINUTE + 1)).not.toBe(at(NOON + 4 * MINUTE));
  });

  it('tell the peak, and the present rate as long as there are samples', () => {
    const { money } = pulseHistory(samples, NOON + 3 * MINUTE, HOUR, 10).graphs;
    expect(money).toMatchObject({ peak: 75, latest: 50 });
    expect(money.values.filter((value) => value !== null)).toHaveLength(1);
    expect(pulseHistory(samples, NOON + 9 * MINUTE, HOUR, 10).graphs.money.latest).toBe(0);
    expect(pulseHistory(samples, NOON + DAY, HOUR, 10).isEmpty).toBe(true);
  });
});

describe('spending', () => {
  // NOON is a Friday.
  const endOf = (daysAgo: number, value: number) => aFleetSample({ at: TODAY - (daysAgo - 1) * DAY - 60, cost: value });
  const today = aFleetSample({ cost: 5 });

  it('of this week is that of each day since Monday', () => {
    const samples = [endOf(5, 100), endOf(4, 1), endOf(3, 2), endOf(2, 3), endOf(1, 4), aFleetSample({ cost: 4.9 })];
    expect(costOfWeek(samples, today)).toEqual({ cost: 15, isComplete: true });
  });

  it('of a day that was not watched to its end is marked as incomplete', () => {
    expect(costOfWeek([endOf(1, 4)], today)).toEqual({ cost: 9, isComplete: false });
  });

  it('is compared with yesterday at the same time of day', () => {
    const yesterday = [aFleetSample({ at: NOON - DAY, cost: 4 }), endOf(1, 90)];
    expect(changeSinceYesterday(yesterday, today)).toBe(0.25);
    expect(changeSinceYesterday([endOf(1, 90)], today)).toBeNull();
    expect(changeSinceYesterday([aFleetSample({ at: NOON - DAY })], today)).toBeNull();
  });
});
