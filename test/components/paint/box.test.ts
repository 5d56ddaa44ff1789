import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { boxLines, type KeyHint } from '../../../src/components/paint/box.ts';
import { segment, widthOf } from '../../../src/components/paint/line.ts';
import { someLine, someText, textOf, textPainter } from './segments.ts';

const painter = textPainter();
const KEYS: readonly KeyHint[] = [
  { key: 'enter', hint: 'answer' },
  { key: '1-4', hint: 'pick' },
  { key: 'N', hint: 'decline' },
  { key: 'esc', hint: 'later' },
];
const shown = (box: Parameters<typeof boxLines>[0]) => boxLines(box).map(({ left }) => textOf(left));

describe('a frame', () => {
  it('has the title and a note in its upper border, and the keys in its lower one', () => {
    const body = [{ left: [segment('Which key?')] }, { left: [] }];
    expect(shown({ title: 'Rotate asks', right: '1 of 2', body, keys: KEYS, columns: 50, painter })).toEqual([
      '╭ Rotate asks ─────────────────────────── 1 of 2 ╮',
      '│ Which key?                                     │',
      '│                                                │',
      '╰ enter answer  1-4 pick  N decline  esc later ──╯',
    ]);
  });

  it('has as many columns as asked, and two lines more than its body', () => {
    const keys = fc.oneof(
      someText,
      fc.array(fc.record({ key: fc.constantFrom('a', 'ctrl+d'), hint: someText }), { maxLength: 6 }),
    );
    fc.assert(
      fc.property(
        someText,
        someText,
        fc.array(someLine, { maxLength: 5 }),
        keys,
        fc.integer({ min: 6, max: 60 }),
        (title, right, body, hints, columns) => {
          const lines = boxLines({ title, right, body, keys: hints, columns, painter });
          expect(lines).toHaveLength(body.length + 2);
          for (const { left } of lines) expect(widthOf(left)).toBe(columns);
        },
      ),
    );
  });

  it('drops keys that do not fit, but not the way out', () => {
    const lower = shown({ title: '', body: [], keys: KEYS, columns: 34, painter }).at(-1);
    expect(lower).toBe('╰ enter answer  esc later ───────╯');
  });

  it('may have a sentence in place of keys', () => {
    expect(shown({ title: '', body: [], keys: 'type the name', columns: 20, painter }).at(-1)).toBe(
      '╰ type the name ───╯',
    );
  });

  it('paints the cursor`s row from border to border', () => {
    const [, row] = boxLines({
      title: '',
      body: [{ left: [segment('a')], selected: true }],
      keys: '',
      columns: 8,
      painter,
    });
    const grounds = row?.left.flatMap(({ text, ground }) => Array<string | undefined>(text.length).fill(ground));
    expect(grounds).toEqual(['popup', ...Array<string>(6).fill('selected'), 'popup']);
  });

  it('shows which part of a longer text it has', () => {
    const body = Array.from({ length: 4 }, () => ({ left: [] }));
    const rows = shown({ title: '', body, keys: '', columns: 8, painter, scroll: { total: 8, first: 0 } });
    expect(rows.slice(1, -1).map((row) => row.at(-1))).toEqual(['┃', '┃', '│', '│']);
  });

  it('is of ASCII alone with those signs', () => {
    const rows = shown({
      title: 'a',
      right: 'b',
      body: [{ left: [] }],
      keys: KEYS,
      columns: 30,
      painter: textPainter('ascii'),
    });
    expect(rows.join('')).toMatch(/^[ -~]*$/);
  });
});
