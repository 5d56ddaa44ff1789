import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { widthOf } from '../../../src/components/paint/line.ts';
import { meter, sparkline } from '../../../src/components/pulse/graphs.ts';
import { fitPath, shownPath } from '../../../src/components/pulse/project-path.ts';
import { nextMeasure, type PulseInput, stepRange } from '../../../src/components/pulse/pulse-input.ts';
import { pulseDetail, pulseLines } from '../../../src/components/pulse/pulse-lines.ts';
import { PULSE_MEASURES } from '../../../src/fleet/pulse/busiest-projects.ts';
import { PULSE_RANGES } from '../../../src/fleet/pulse/pulse-range.ts';
import { NO_SERIES } from '../../../src/fleet/pulse/pulse-series.ts';
import { aDayUse, NOON } from '../../support/a-pulse.ts';
import { aHost, anEntry, answered, aSession, aSnapshot } from '../../support/builders.ts';
import '../../support/property-rounds.ts';
import { plainPainter } from '../../support/render-at.tsx';
import { aDayOfSamples, aPulseInput } from './a-pulse-input.ts';

const DAY_OF_SAMPLES = aDayOfSamples();

const paint = (input: PulseInput) =>
  pulseLines(input)
    .map((line) => input.painter.line(line, input.columns).trimEnd())
    .join('\n');
const shown = (changes: Partial<PulseInput> = {}) => paint(aPulseInput({ series: DAY_OF_SAMPLES, ...changes }));
describe('the Pulse view', () => {
  it('shows graphs, figures, projects and hosts on 120 columns', () => {
    expect(shown({ columns: 120, height: 36 })).toMatchInlineSnapshot(`
      " SESSIONS    12:00 yesterday                                     now   NOW  PEAK    MONEY                TOKENS
       ▲ waiting   ██             ██             ███            ███            0     2    today     $29.01     in      5.8M
       ⠋ working             ▁▁▁▁▁▁▁▁▂▂▂▂▂  ▂▂▃▃▃▃▃▃▃▄▄▄▄▄▄▅▅▆▆▆▆▆▇▇▇▇████     0    14    this week ≥$64.98    out     261k
       ✗ error                                                                 0     0    rate      $2.40/h    cached  0%
       ✓ done                                                                  0     0    per turn  $0.91      /min    8.4k
       ● active    ███████████████████████  ██████████████████████████████     0     5    vs Thu               peak    8.4k
       tokens/min  ▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇  ▇▇████████████████████████████  8.4k  8.4k
       cost/hour   ▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇  ▇▇████████████████████████████  $2.4  $2.4

       BUSIEST PROJECTS TODAY                                        HOSTS        LOAD  MEM          RTT, 1 HOUR
      ▌dev-anna  ~/src/…/admin-tools      ███████████████  $12.05    ◎ prod-api   0.42  ████░░  61%  ▅▅▅▅▅▅▅▅▅▅▅▅  12ms
       prod-api  ~/work/payments          ██████████░░░░░   $8.32    ◎ dev-anna   1.66  ███░░░  55%                31ms
       gpu-01    ~/train/eval             ████████░░░░░░░   $6.44    ◎ gpu-01     7.80  ██████  93%  ▄█▄█▄█▄█▄█▄█  96ms
       prod-api  ~/www                    ███░░░░░░░░░░░░   $2.20    ◌ build-arm                                   stale 6m
                                                                     ▲ edge-fra                                    needs auth"
    `);
  });

  it('keeps what waits and the busiest projects on 40x10', () => {
    expect(shown({ columns: 40, height: 8 })).toMatchInlineSnapshot(`
      " SESSIONS    12:00 yesterd…   NOW  PEAK
       ▲ waiting   █  ██  ██  ██      0     2
       ⠋ working     ▁▁▂▂▃▃▄▄▆▆▇█     0    14
       ✗ error                        0     0
       BUSIEST PROJECTS TODAY
      ▌dev-anna  admin-tools   ███████  $12.05
       prod-api  …/payments    █████░░   $8.32
       gpu-01    ~/train/eval  ████░░░   $6.44"
    `);
  });

  it('puts the hosts below the projects on 80x24', () => {
    const text = shown({ columns: 80, height: 20 });
    expect(text).toContain('MONEY');
    expect(text).not.toContain('TOKENS');
    expect(text.indexOf('HOSTS')).toBeGreaterThan(text.indexOf('BUSIEST'));
    expect(text).toContain('… 2 more');
  });

  it('leaves the rest empty on 200x60', () => {
    const lines = shown({ columns: 200, height: 56 }).split('\n');
    expect(lines.find((line) => line.includes('HOSTS'))?.indexOf('HOSTS')).toBeLessThan(100);
  });

  it('says that the first point is still to come', () => {
    expect(shown({ series: NO_SERIES })).toContain('Collecting, the first point comes in 1 minute');
  });

  it('uses ASCII alone where the theme does', () => {
    const text = shown({ painter: plainPainter('minimal'), range: 'week' });
    expect(text).toMatch(/^[ -~\n]*$/);
    expect(text).toContain('####..');
  });

  it('says so where nothing was used, and where no host tells', () => {
    const state = (...entries: ReturnType<typeof answered>[]) => ({
      ...aPulseInput().state,
      entries: new Map(entries.map((entry) => [entry.host.alias, entry])),
    });
    expect(shown({ state: state(answered('web1', [])) })).toContain('Nothing used today');
    const untold = shown({ state: state(answered('web1', [aSession()])) });
    expect(untold).toContain('No host reports costs');
    expect(untold).not.toContain('$0.00');
  });

  it('marks the selected project, and describes it', () => {
    const input = aPulseInput({ selected: 2 });
    expect(pulseLines(input).filter(({ selected }) => selected)).toHaveLength(1);
    const text = (selected: number | null) =>
      pulseDetail({ ...input, selected })
        ?.left.map((part) => part.text)
        .join('');
    expect(text(2)).toBe(' 1 session   1.3M tokens   22% of today');
    expect(text(null)).toBeUndefined();
    expect(text(99)).toBeUndefined();
  });

  it('has lines that fit, for any size and any names', () => {
    const names = fc.array(fc.tuple(fc.string({ unit: 'binary', maxLength: 30 }), fc.string({ unit: 'grapheme' })), {
      maxLength: 12,
    });
    const sizes = fc.record({ columns: fc.integer({ min: 40, max: 300 }), height: fc.integer({ min: 0, max: 70 }) });
    const choices = fc.record({
      range: fc.constantFrom(...PULSE_RANGES),
      measure: fc.constantFrom(...PULSE_MEASURES),
      selected: fc.nat(15),
      isFull: fc.boolean(),
    });
    fc.assert(
      fc.property(names, sizes, choices, (hosts, size, { isFull, ...chosen }) => {
        const entries = hosts.map(([label, folder], index) => {
          const sessions = [aSession({ project: `/srv/${folder}`, today: aDayUse({ cost: 10 ** index }) })];
          const machine = { load: 10 ** index, cpus: 2, memoryTotal: 10, memoryUsed: index };
          const snapshot = aSnapshot({ sessions, machine, latency: 10 ** index });
          return anEntry({ host: aHost({ alias: `h${index}`, label }), snapshot, fresh: index % 3 !== 0 });
        });
        const state = { ...aPulseInput().state, entries: new Map(entries.map((entry) => [entry.host.alias, entry])) };
        const series = isFull ? DAY_OF_SAMPLES : NO_SERIES;
        const input = aPulseInput({ ...size, ...chosen, state, series });
        const lines = pulseLines(input);
        expect(lines.length).toBeLessThanOrEqual(size.height);
        for (const line of lines) expect(widthOf(line.left)).toBeLessThanOrEqual(size.columns);
        const isSelected = lines.some(({ selected }) => selected);
        expect(isSelected).toBe(size.height >= 4 && chosen.selected < hosts.length);
      }),
    );
  });
});

describe('graphs', () => {
  it('draw nothing for nothing, and at least the lowest bar for something', () => {
    expect(sparkline([null, 0, 0.001, 4, 8, 99], 8, true)).toBe('  ▁▄██');
    expect(sparkline([null, 0, 0.001, 4, 8], 8, false)).toBe('  .=#');
    expect(sparkline([1], 0, true)).toBe(' ');
  });

  it('fill a meter by its share', () => {
    expect([0, 0.01, 0.5, 1, 7].map((share) => meter(share, 4, true))).toEqual([
      '░░░░',
      '█░░░',
      '██░░',
      '████',
      '████',
    ]);
    expect(meter(0.5, 4, false)).toBe('##..');
  });
});

describe('a path', () => {
  it('is shown below the home, where the database tells it', () => {
    const snapshot = { databasePath: '/home/ada/.local/share/opencode/opencode.db' };
    expect(shownPath('/home/ada/src', snapshot)).toBe('~/src');
    expect(shownPath('/home/adam/src', snapshot)).toBe('/home/adam/src');
    expect(shownPath('/srv', { databasePath: '/data/x.db' })).toBe('/srv');
    expect(shownPath('/srv/\u001b[31mx', null)).toBe('/srv/x');
  });

  it.each([
    ['~/src/shop/internal/admin-tools', 31, '~/src/shop/internal/admin-tools'],
    ['~/src/shop/internal/admin-tools', 30, '~/src/…/internal/admin-tools  '],
    ['~/src/shop/internal/admin-tools', 20, '~/src/…/admin-tools '],
    ['~/src/shop/internal/admin-tools', 14, '…/admin-tools '],
    ['~/src/shop/internal/admin-tools', 8, 'admin-t…'],
    ['/srv/a/b/c', 8, '/srv/…/c'],
    ['/', 3, '/  '],
  ])('%s is cut to %i columns by whole folders', (path, columns, expected) => {
    expect(fitPath(path, columns, '…')).toBe(expected);
  });
});

describe('the range and the measure', () => {
  it('go to the next one', () => {
    expect(stepRange('day', 1)).toBe('week');
    expect(stepRange('week', 1)).toBe('week');
    expect(stepRange('day', -1)).toBe('hour');
    expect(nextMeasure('money')).toBe('tokens');
    expect(nextMeasure('turns')).toBe('money');
    expect(aPulseInput().now).toBe(NOON);
  });
});
