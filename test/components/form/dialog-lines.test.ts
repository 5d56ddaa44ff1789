import { describe, expect, it } from 'vitest';
import { confirmLines, confirmRoom } from '../../../src/components/form/confirm-lines.ts';
import { pagerLines, pagerRoom } from '../../../src/components/form/pager-lines.ts';
import { resultLines, resultRoom } from '../../../src/components/form/result-lines.ts';
import type { Line } from '../../../src/components/paint/line.ts';
import { textWidth } from '../../../src/domain/text-width.ts';
import { createConfirm } from '../../../src/store/form/confirm.ts';
import { diffLines } from '../../../src/store/form/diff-lines.ts';
import { createPager } from '../../../src/store/form/pager.ts';
import { createResults, type RowOutcome } from '../../../src/store/form/results.ts';
import { countCharacters } from '../../support/counted-characters.ts';
import { plainPainter } from '../../support/render-at.tsx';
import { HOSTILE } from './forms.ts';

const painter = plainPainter();
const viewOf = (columns: number, height: number) => ({ painter, columns, height, frame: 0 });
const textOf = (lines: readonly Line[], columns: number) => lines.map((line) => painter.line(line, columns).trimEnd());

const sessions = Array.from({ length: 20 }, (_, at) => `Session ${at + 1} on host${at % 3}`);
const confirm = createConfirm({
  name: 'delete',
  title: 'Delete 20 sessions?',
  lines: [{ text: 'One of them works right now.', warn: true }, ...sessions.map((text) => ({ text }))],
  options: [
    { key: 'y', label: 'export, then delete' },
    { key: 'A', label: 'archive instead' },
    { key: '!', label: 'delete for good', danger: true },
  ],
});
const outcomes: readonly RowOutcome[] = ['ok', 'failed', 'skipped', 'running', 'waiting'];
const results = createResults(
  'Archive 5 sessions',
  outcomes.map((outcome, at) => ({
    label: `Session ${at + 1}`,
    outcome,
    reason:
      outcome === 'failed'
        ? 'host2: the connection was lost\nwhile it was being asked'
        : outcome === 'skipped'
          ? 'is archived'
          : null,
  })),
);

describe('a question before something is done', () => {
  it('has all that it is about above what may be done, which stays in sight', () => {
    expect(textOf(confirmLines(confirm, viewOf(80, 10)), 80)).toMatchInlineSnapshot(`
      [
        "  Delete 20 sessions?                                                1-5 of 21",
        "  One of them works right now.",
        "  Session 1 on host0",
        "  Session 2 on host1",
        "  Session 3 on host2",
        "  Session 4 on host0",
        "  y      export, then delete",
        "  A      archive instead",
        "  !      delete for good",
        "❯ n      go back (also esc, q and enter)",
      ]
    `);
    expect(textOf(confirmLines({ ...confirm, top: 99 }, viewOf(40, 7)), 40)).toMatchInlineSnapshot(`
      [
        "  Delete 20 sessions?      20-21 of 21",
        "  Session 19 on host0",
        "  Session 20 on host1",
        "  y      export, then delete",
        "  A      archive instead",
        "  !      delete for good",
        "❯ n      go back (also esc, q and enter)",
      ]
    `);
  });

  it('tells how far it scrolls', () => {
    expect(confirmRoom(confirm, viewOf(80, 10))).toEqual({ count: 21, height: 5 });
    expect(confirmRoom({ ...confirm, error: 'no' }, viewOf(80, 10))).toEqual({ count: 21, height: 4 });
  });

  it('says what is being done, and why it was not', () => {
    expect(textOf(confirmLines({ ...confirm, busy: 'exporting' }, viewOf(80, 24)), 80)).toContain('  ⠋ exporting');
    expect(textOf(confirmLines({ ...confirm, error: 'offline' }, viewOf(80, 24)), 80)).toContain('  offline');
  });
});

describe('a list of results', () => {
  it('says of each what came of it, and why it failed', () => {
    expect(textOf(resultLines(results, viewOf(60, 12)), 60)).toMatchInlineSnapshot(`
      [
        "  Archive 5 sessions",
        "  1 ok  1 failed  1 skipped  1 running  1 waiting",
        "  ok       Session 1",
        "  failed   Session 2",
        "           host2: the connection was lost",
        "           while it was being asked",
        "  skipped  Session 3  is archived",
        "⠋ running  Session 4",
        "  waiting  Session 5",
      ]
    `);
  });

  it('scrolls by lines', () => {
    expect(resultRoom(results, viewOf(60, 7))).toEqual({ count: 7, height: 5 });
    const lines = textOf(resultLines({ ...results, top: 9 }, viewOf(60, 7)), 60);
    expect(lines[0]).toMatch(/3-7 of 7$/);
    expect(lines.at(-1)).toBe('  waiting  Session 5');
  });
});

describe('a pager', () => {
  it('wraps long lines behind blanks, and keeps colours and indents', () => {
    const pager = createPager({
      title: 'Transcript',
      lines: [
        [{ text: 'you ', colour: 'accent' }, { text: 'please fix the login page of the shop' }],
        [{ text: '\tindented' }],
      ],
    });
    const lines = pagerLines(pager, viewOf(24, 9));
    expect(textOf(lines, 24)).toEqual([
      '  Transcript',
      ' you please fix the',
      ' login page of the shop',
      '     indented',
    ]);
    expect(lines[1]?.left[1]).toEqual({ text: 'you ', colour: 'accent' });
  });

  it('cuts long lines that are not wrapped, and moves them sideways', () => {
    const pager = {
      ...createPager({ title: 'a', lines: [[{ text: '0123456789' }, { text: '漢字漢字' }]] }),
      wrap: false,
    };
    const at = (left: number) => textOf(pagerLines({ ...pager, left }, viewOf(10, 3)), 10)[1];
    expect(at(0)).toBe(' 01234567…');
    expect(at(8)).toBe(' 89漢字漢…');
    expect(at(13)).toBe('  漢字');
    expect(at(99)).toBe('');
  });

  it('shows where it is', () => {
    const pager = createPager({ title: 'a.ts', lines: diffLines(Array(300).fill('+x').join('\n')) });
    const lines = textOf(pagerLines({ ...pager, top: 295 }, viewOf(40, 11)), 40);
    expect(lines[0]).toMatch(/^ {2}a\.ts +291-300 of 300$/);
    expect(pagerRoom(pager, viewOf(40, 11))).toEqual({ count: 300, height: 10 });
  });

  it('breaks a long text into lines once, not again for each key', () => {
    const lines = Array.from({ length: 20_000 }, (_, at) => [{ text: `${at} ${'word '.repeat(at % 60)}` }]);
    const pager = createPager({ title: 'long', lines });
    const { count } = pagerRoom(pager, viewOf(80, 24));
    const work = countCharacters(() => {
      for (let top = 0; top < 200; top += 1) pagerLines({ ...pager, top: count - top }, viewOf(80, 24));
    });
    // Each key paints a screen of 80 x 24.
    expect(work).toBeLessThan(200 * 80 * 24);
  });
});

describe.each([
  [40, 7],
  [80, 21],
  [160, 47],
  [12, 2],
])('on %i by %i', (columns, height) => {
  const bad = createConfirm({
    name: 'delete',
    title: HOSTILE,
    lines: Array(20).fill({ text: HOSTILE }),
    options: [{ key: 'y', label: HOSTILE, danger: true }],
  });
  const rows = outcomes.map((outcome) => ({ label: HOSTILE, outcome, reason: HOSTILE }));
  const view = viewOf(columns, height);
  it.each([
    ['a question', confirmLines({ ...bad, error: HOSTILE, top: 3 }, view)],
    ['a busy question', confirmLines({ ...bad, busy: HOSTILE }, view)],
    ['a list of results', resultLines(createResults(HOSTILE, rows), view)],
    ['a pager', pagerLines(createPager({ title: HOSTILE, lines: [[{ text: HOSTILE }, { text: HOSTILE }]] }), view)],
    [
      'a pager that does not wrap',
      pagerLines({ ...createPager({ title: HOSTILE, lines: [[{ text: HOSTILE }]], wrap: false }), left: 9 }, view),
    ],
  ])('%s has no line too wide or too many', (_name, lines) => {
    expect(lines.length).toBeLessThanOrEqual(height);
    for (const line of lines) {
      const text = painter.line(line, columns);
      expect(textWidth(text)).toBe(columns);
      expect(text).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e]/);
    }
  });
});
