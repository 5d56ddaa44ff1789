import { expect, it } from 'vitest';
import { analyse, slopePerMinute } from './analysis.ts';
import type { Probed } from './messages.ts';
import type { Outage } from './outages.ts';
import type { Alias } from './sites.ts';

const SECOND = 1000;
const bounds = { recovery: 20 * SECOND, grace: 5 * SECOND };
const inner: Alias = { name: 'inner', kind: 'site', way: ['inner-1', 'gate-1'] };

/** Times in seconds. */
function outage(site: Outage['site'], from: number, to: number): Outage {
  return { site, kind: 'stopped', from: from * SECOND, ending: to * SECOND, to: to * SECOND };
}
function probe(ended: number, status = 'online'): Probed {
  return { alias: 'inner', began: (ended - 0.1) * SECOND, ended: ended * SECOND, status, reason: status };
}
const judge = (outages: Outage[], probes: Probed[], end: number) =>
  analyse([inner], outages, probes, end * SECOND, bounds);

it('measures a recovery from the end of the whole outage, hops included, to the next answer', () => {
  const outages = [outage('inner-1', 10, 30), outage('gate-1', 20, 40), outage('plain-1', 0, 90)];
  const found = judge(outages, [probe(5), probe(11, 'offline'), probe(43)], 100);
  expect(found).toMatchObject({ recoveries: [3 * SECOND], unnoticed: [], missed: [], falseAlarms: [], cutShort: 0 });
});

it('tells an outage that no probe met from one that was shown', () => {
  expect(judge([outage('gate-1', 10, 12)], [probe(9), probe(14)], 20)).toMatchObject({
    recoveries: [],
    unnoticed: [2 * SECOND],
  });
});

it('misses a host that stays up and does not answer in time', () => {
  const found = judge([outage('gate-1', 10, 12)], [probe(5), probe(11, 'blocked'), probe(40)], 60);
  expect(found.missed).toEqual([expect.stringContaining('inner: up since 00:00:12')]);
  expect(judge([outage('gate-1', 10, 12)], [probe(5), probe(11, 'blocked')], 60).missed).toHaveLength(1);
});

it('does not blame for an answer that the next outage came before', () => {
  const found = judge([outage('gate-1', 10, 12), outage('gate-1', 15, 20)], [probe(5), probe(21)], 60);
  expect(found).toMatchObject({ cutShort: 1, missed: [], recoveries: [] });
});

it('calls a failure long after any outage a false alarm', () => {
  const found = judge(
    [outage('gate-1', 10, 12)],
    [probe(13, 'blocked'), probe(15), probe(30, 'offline'), probe(35)],
    40,
  );
  expect(found.falseAlarms).toEqual(['inner: 00:00:30.000 offline: offline']);
});

it('gives the change a minute of values that grow', () => {
  const points = [0, 1, 2, 3].map((minute) => ({ at: minute * 60_000, value: 5 + 2 * minute }));
  expect(slopePerMinute(points)).toBeCloseTo(2);
  expect(slopePerMinute(points.slice(0, 1))).toBe(0);
});
