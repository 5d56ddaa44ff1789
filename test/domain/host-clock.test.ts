import { expect, it } from 'vitest';
import { processStart } from '../../src/domain/host-clock.ts';

const BOOTED = Date.UTC(2026, 10, 28, 12);

it.each([
  ['ticks since the host started', '12345', { bootedAt: BOOTED, zone: 60 }, BOOTED + 123_450],
  [
    'local time ahead of UTC',
    'Sat_Nov_28_16:59:09_2026',
    { bootedAt: null, zone: 90 },
    Date.UTC(2026, 10, 28, 15, 29, 9),
  ],
  ['local time behind UTC', 'Sun_Nov_1_23:59:09_2026', { bootedAt: null, zone: -300 }, Date.UTC(2026, 10, 2, 4, 59, 9)],
  ['ticks of a host that does not tell when it started', '12345', { bootedAt: null, zone: 0 }, null],
  ['no time at all', 'x', { bootedAt: BOOTED, zone: 0 }, null],
])('the start of a process is told by %s', (_what, startId, clock, at) => {
  expect(processStart(startId, clock)).toBe(at);
});
