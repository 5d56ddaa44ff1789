import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { besideLines } from '../../../src/components/paint/frame.ts';
import { type Line, layOutLine, segment, widthOf } from '../../../src/components/paint/line.ts';
import { overlayLines } from '../../../src/components/paint/overlay.ts';
import { sliceSegments } from '../../../src/components/paint/slice.ts';
import { someLine, someSegment, textOf } from './segments.ts';

const line = (text: string): Line => ({ left: [segment(text)] });

describe('a part of segments', () => {
  it('has exactly the columns asked for', () => {
    fc.assert(
      fc.property(fc.array(someSegment), fc.nat(30), fc.nat(30), (segments, start, length) => {
        expect(widthOf(sliceSegments(segments, start, start + length))).toBe(length);
      }),
    );
  });

  it('is all of them when all are asked for', () => {
    fc.assert(
      fc.property(fc.array(someSegment), (segments) => {
        expect(textOf(sliceSegments(segments, 0, widthOf(segments)))).toBe(textOf(segments));
      }),
    );
  });

  it('has a blank for the half of a wide character, and keeps the accents of the others', () => {
    expect(textOf(sliceSegments([segment('漢字')], 1, 3))).toBe('  ');
    expect(textOf(sliceSegments([segment('漢字')], 0, 3))).toBe('漢 ');
    expect(textOf(sliceSegments([segment('ae\u0301b')], 1, 2))).toBe('e\u0301');
    expect(textOf(sliceSegments([segment('ae\u0301b')], 2, 3))).toBe('b');
  });
});

describe('a popup over a view', () => {
  it('makes lines of exactly the width and height of the screen', () => {
    const size = fc.record({ columns: fc.integer({ min: 1, max: 60 }), height: fc.integer({ min: 1, max: 8 }) });
    const place = fc.record({
      x: fc.integer({ min: -5, max: 60 }),
      y: fc.integer({ min: -3, max: 9 }),
      columns: fc.integer({ min: 0, max: 70 }),
    });
    const lines = fc.array(someLine, { maxLength: 10 });
    fc.assert(
      fc.property(lines, lines, place, size, (view, popup, at, screen) => {
        const composed = overlayLines(view, popup, at, screen);
        expect(composed).toHaveLength(screen.height);
        for (const { left } of composed) expect(widthOf(left)).toBe(screen.columns);
      }),
    );
  });

  it('shows the popup where it is placed and the view around it', () => {
    const view = [line('aaaaaaaa'), line('bbbbbbbb'), line('cccccccc')];
    const composed = overlayLines(
      view,
      [line('+--+'), line('|ok|')],
      { x: 2, y: 1, columns: 4 },
      { columns: 8, height: 3 },
    );
    expect(composed.map(({ left }) => textOf(left))).toEqual(['aaaaaaaa', 'bb+--+bb', 'cc|ok|cc']);
  });

  it('stays in its columns where it cuts a wide character in half', () => {
    const [composed] = overlayLines(
      [line('漢字漢字')],
      [line('xx')],
      { x: 3, y: 0, columns: 2 },
      { columns: 8, height: 1 },
    );
    expect(textOf(composed?.left ?? [])).toBe('漢 xx 字');
  });

  it('dims the view, selected rows too, and leaves the cursor of the popup', () => {
    const view: Line = { left: [segment('abc', 'bad')], selected: true };
    const popup: Line = { left: [segment('y', 'good')], selected: true };
    const [composed] = overlayLines([view], [popup], { x: 1, y: 0, columns: 1 }, { columns: 3, height: 1 });
    expect(composed?.left.filter(({ text }) => text !== '').map(({ text, ground }) => [text, ground])).toEqual([
      ['a', 'dimmed'],
      ['y', 'selected'],
      ['c', 'dimmed'],
    ]);
  });
});

describe('two panes side by side', () => {
  it('make lines as wide as both, each with the ground of its pane', () => {
    fc.assert(
      fc.property(fc.array(someLine), fc.array(someLine), fc.nat(20), fc.nat(20), (left, right, first, second) => {
        const joined = besideLines({ lines: left, columns: first }, { lines: right, columns: second }, 3, '…');
        expect(joined).toHaveLength(3);
        for (const { left: segments } of joined) expect(widthOf(segments)).toBe(first + second);
      }),
    );
    const tree: Line = { left: [segment('a')], selected: true };
    const [joined] = besideLines({ lines: [tree], columns: 2 }, { lines: [line('b')], columns: 1 }, 1, '…');
    expect(joined?.left.map(({ text, ground }) => [text, ground])).toEqual([
      ...layOutLine(tree, 2, '…').map(({ text }) => [text, 'selected']),
      ...layOutLine(line('b'), 1, '…').map(({ text }) => [text, 'view']),
    ]);
  });
});
