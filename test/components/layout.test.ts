import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { characterKeyName, keyNameOf } from '../../src/components/keys/key-name.ts';
import { scrollTo } from '../../src/components/list/scroll.ts';
import { layOutLine, segment, truncateSegments, untrusted, widthOf } from '../../src/components/paint/line.ts';
import { createPainter } from '../../src/components/paint/painter.ts';
import { wrapText } from '../../src/components/paint/wrap.ts';
import { arrangeScreen, type ScreenWishes } from '../../src/components/screen.ts';
import { textWidth } from '../../src/domain/text-width.ts';
import { randomText, seededRandom } from '../support/random.ts';
import { plainPainter } from '../support/render-at.tsx';
import '../support/property-rounds.ts';

type Key = Parameters<typeof keyNameOf>[1];
const press = (input: string, key: Partial<Key> = {}) => keyNameOf(input, key as Key);

describe('the name of a key', () => {
  it.each([
    ['', { upArrow: true }, 'up'],
    ['', { pageDown: true }, 'pgdn'],
    ['\r', { return: true }, 'enter'],
    ['', { escape: true, meta: true }, 'esc'],
    ['', { tab: true }, 'tab'],
    ['', { backspace: true }, 'backspace'],
    [' ', {}, 'space'],
    ['q', {}, 'q'],
    ['G', { shift: true }, 'G'],
    ['c', { ctrl: true }, 'ctrl+c'],
    [' ', { ctrl: true }, 'ctrl+space'],
    ['', { tab: true, shift: true }, 'shift+tab'],
    ['d', { meta: true }, 'alt+d'],
    ['', { leftArrow: true, meta: true }, 'alt+left'],
    ['世', {}, '世'],
    ['😀', {}, '😀'],
    ['ab', {}, null],
    ['', {}, null],
  ])('of %j with %j is %j', (input, key, expected) => {
    expect(press(input, key)).toBe(expected);
  });

  it.each([
    ['\r', 'enter'],
    ['\n', 'enter'],
    ['\u001b', 'esc'],
    ['\u007f', 'backspace'],
    [' ', 'space'],
    ['x', 'x'],
    ['\u0001', 'ctrl+a'],
    ['\u0015', 'ctrl+u'],
    ['\u0000', 'ctrl+space'],
    ['\u001f', null],
  ])('of the character %j is %j', (character, expected) => {
    expect(characterKeyName(character)).toBe(expected);
  });
});

describe('arrangeScreen', () => {
  const wishes = (columns: number, rows: number, changes: Partial<ScreenWishes> = {}): ScreenWishes => ({
    ...{ columns, rows, heads: true, pane: null, listed: 50, grown: 0 },
    ...changes,
  });

  it('divides every screen without a gap', () => {
    const sizes = fc.record({
      columns: fc.integer({ min: 1, max: 300 }),
      rows: fc.integer({ min: 1, max: 100 }),
      heads: fc.boolean(),
      pane: fc.constantFrom('panel' as const, 'request' as const, null),
      listed: fc.nat({ max: 200 }),
      grown: fc.integer({ min: -200, max: 200 }),
    });
    fc.assert(
      fc.property(sizes, (wish) => {
        const { columns, header, location, heads, detail, body, list, pane, beside } = arrangeScreen(wish);
        // The footer is always there.
        if (wish.rows > 2) expect(header + location + body + detail + 1).toBe(wish.rows);
        expect(list.height).toBeGreaterThanOrEqual(1);
        if (pane === null) expect(list).toEqual({ columns, height: Math.max(1, body - heads) });
        else if (beside)
          expect([list.columns + pane.columns, list.height + heads, pane.height]).toEqual([columns, body, body]);
        else expect([heads + list.height + pane.height, list.columns, pane.columns]).toEqual([body, columns, columns]);
      }),
    );
  });

  it('has all parts from 20 rows, no column heads from 14, and only header, list and footer below', () => {
    const parts = (rows: number) => {
      const { header, location, heads, detail } = arrangeScreen(wishes(80, rows));
      return [header, location, heads, detail];
    };
    expect([parts(20), parts(19), parts(14), parts(13)]).toEqual([
      [1, 1, 1, 1],
      [1, 1, 0, 1],
      [1, 1, 0, 1],
      [1, 0, 0, 0],
    ]);
  });

  it('gives the rows of header and heads to the list when they are hidden', () => {
    const { list } = arrangeScreen(wishes(80, 24));
    expect(arrangeScreen(wishes(80, 24, { heads: false })).list.height).toBe(list.height + 2);
  });

  it('puts the panel beside the list from 120 columns, below it from 60, else nowhere', () => {
    const panel = (columns: number, rows: number) => arrangeScreen(wishes(columns, rows, { pane: 'panel' }));
    expect(panel(120, 30)).toMatchObject({ beside: true, pane: { columns: 53, height: 26 } });
    expect(panel(119, 30)).toMatchObject({ beside: false, pane: { columns: 119, height: 12 } });
    expect(panel(59, 30).pane).toBeNull();
    expect(panel(80, 11).pane).toMatchObject({ height: 4 });
    expect(panel(80, 9).pane).toBeNull();
  });

  it('leaves the list and the panel in sight, however far the panel is grown or shrunk', () => {
    const wide = (grown: number) => arrangeScreen(wishes(120, 30, { pane: 'panel', grown }));
    expect([wide(1000).list.columns, wide(-1000).pane?.columns]).toEqual([40, 30]);
    const narrow = (grown: number) => arrangeScreen(wishes(80, 30, { pane: 'panel', grown }));
    expect([narrow(1000).list.height, narrow(-1000).pane?.height]).toEqual([4, 4]);
  });

  it('gives a request what its list leaves, half of the screen at least', () => {
    const heights = (rows: number, listed: number) => {
      const { list, pane } = arrangeScreen(wishes(80, rows, { pane: 'request', listed }));
      return [list.height, pane?.height ?? 0];
    };
    expect(heights(25, 3)).toEqual([3, 17]);
    expect(heights(25, 300)).toEqual([9, 11]);
    expect(heights(65, 300)).toEqual([12, 48]);
    expect(heights(25, 0)).toEqual([1, 19]);
    expect(heights(3, 9)).toEqual([1, 0]);
  });
});

describe('scrollTo', () => {
  it('moves as little as it can, shows the selected row, and leaves no gap at the end', () => {
    expect(scrollTo(0, 3, 100, 10)).toBe(0);
    expect(scrollTo(0, 10, 100, 10)).toBe(1);
    expect(scrollTo(50, 49, 100, 10)).toBe(49);
    expect(scrollTo(50, 55, 100, 10)).toBe(50);
    expect(scrollTo(95, 99, 100, 10)).toBe(90);
    expect(scrollTo(50, 2, 5, 10)).toBe(0);
    expect(scrollTo(0, 0, 0, 10)).toBe(0);
  });

  it('always has the selected row in sight', () => {
    const random = seededRandom(4);
    let first = 0;
    for (let round = 0; round < 2000; round += 1) {
      const count = 1 + Math.floor(random() * 50);
      const height = 1 + Math.floor(random() * 12);
      const selected = Math.floor(random() * count);
      first = scrollTo(first, selected, count, height);
      expect(first).toBeLessThanOrEqual(selected);
      expect(first + height).toBeGreaterThan(selected);
      expect(first).toBeLessThanOrEqual(Math.max(0, count - height));
    }
  });
});

describe('a line', () => {
  it('has its sides at the edges', () => {
    const text = layOutLine({ left: [segment('left')], right: [segment('right')] }, 14, '…');
    expect(text.map((part) => part.text).join('')).toBe('left     right');
  });

  it('cuts its left side first, and keeps a blank before the right one', () => {
    const text = layOutLine({ left: [segment('a long left side')], right: [segment('right')] }, 12, '…');
    expect(text.map((part) => part.text).join('')).toBe('a lon… right');
  });

  it('is always exactly as wide as its place', () => {
    const random = seededRandom(6);
    const alphabet = ['a', ' ', '漢', '😀', 'e\u0301', 'é', '\u001b[1m', '\n', '👩‍💻'];
    const side = () =>
      Array.from({ length: Math.floor(random() * 4) }, () => untrusted(randomText(random, alphabet, 15)));
    for (let round = 0; round < 2000; round += 1) {
      const columns = 1 + Math.floor(random() * 40);
      const line = { left: side(), right: side() };
      expect(widthOf(layOutLine(line, columns, '…')), JSON.stringify([line, columns])).toBe(columns);
    }
  });

  it('keeps the style of what it cuts', () => {
    expect(truncateSegments([segment('abc', 'good'), segment('def', 'bad')], 5, '…')).toEqual([
      { text: 'abc', colour: 'good' },
      { text: 'd…', colour: 'bad' },
    ]);
  });
});

describe('the painter', () => {
  it('paints nothing but text without colours', () => {
    const painter = plainPainter();
    expect(painter.line({ left: [segment('a', 'bad', true)], selected: true }, 5)).toBe('a    ');
  });

  it('takes every colour of the themes', () => {
    for (const name of ['nightops', 'light', 'minimal'] as const) {
      const painter = createPainter({ theme: plainPainter(name).theme, colour: true });
      for (const colour of Object.keys(painter.theme.colours) as (keyof typeof painter.theme.colours)[]) {
        for (const selected of [true, false]) {
          expect(painter.line({ left: [segment('x', colour, true)], selected }, 3)).toContain('x');
        }
      }
    }
  });

  it('turns the spinner round', () => {
    const painter = plainPainter('minimal');
    expect(painter.spinner(0)).toBe(painter.spinner(4));
    expect(painter.spinner(0)).not.toBe(painter.spinner(1));
  });
});

describe('wrapText', () => {
  it('breaks at blanks, and long words anywhere', () => {
    expect(wrapText('one two three', 7)).toEqual(['one two', 'three']);
    expect(wrapText('abcdefgh', 3)).toEqual(['abc', 'def', 'gh']);
    expect(wrapText('漢字漢字', 5)).toEqual(['漢字', '漢字']);
    expect(wrapText('', 5)).toEqual(['']);
  });

  it('loses nothing, and has no line too wide', () => {
    const random = seededRandom(8);
    for (let round = 0; round < 500; round += 1) {
      const text = randomText(random, ['a', 'b', ' ', '漢', 'é'], 60);
      const lines = wrapText(text, 9);
      for (const line of lines) expect(textWidth(line)).toBeLessThanOrEqual(9);
      expect(lines.join('').replaceAll(' ', '')).toBe(text.replaceAll(' ', ''));
    }
  });
});
