import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scrollbar } from '../../../src/components/paint/scrollbar.ts';
import { meter, sparkline } from '../../../src/components/paint/spark.ts';
import { textWidth } from '../../../src/domain/text-width.ts';
import { textPainter } from './segments.ts';

const painter = textPainter();
const ascii = textPainter('ascii');

describe('the scrollbar', () => {
  const draw = (total: number, height: number, first: number) =>
    scrollbar(total, height, first)
      ?.map((cell) => (cell === 'thumb' ? '#' : '|'))
      .join('') ?? null;

  it('is absent when everything fits', () => {
    expect(scrollbar(5, 5, 0)).toBeNull();
    expect(scrollbar(0, 5, 0)).toBeNull();
    expect(scrollbar(9, 0, 0)).toBeNull();
  });

  it('shows which part is seen', () => {
    expect(draw(20, 10, 0)).toBe('#####|||||');
    expect(draw(20, 10, 10)).toBe('|||||#####');
    expect(draw(1000, 5, 500)).toBe('||#||');
  });

  it('is at an end only where the list is, if it has the room', () => {
    expect(draw(1000, 5, 1)).toBe('|#|||');
    expect(draw(1000, 5, 994)).toBe('|||#|');
  });

  it('is as high as the list, with one thumb in one piece, wherever it is scrolled to', () => {
    fc.assert(
      fc.property(
        fc.nat(5000),
        fc.integer({ min: 1, max: 80 }),
        fc.integer({ min: -5, max: 6000 }),
        (total, height, first) => {
          const drawn = draw(total, height, first);
          if (total <= height) expect(drawn).toBeNull();
          else {
            expect(drawn).toHaveLength(height);
            expect(drawn).toMatch(/^\|*#+\|*$/);
          }
        },
      ),
    );
  });
});

describe('a sparkline', () => {
  it('has exactly the columns asked for', () => {
    const value = fc.option(fc.oneof(fc.nat(), fc.double()));
    fc.assert(
      fc.property(fc.array(value, { maxLength: 200 }), fc.nat(60), (values, columns) => {
        for (const by of [painter, ascii]) expect(textWidth(sparkline(values, columns, by))).toBe(columns);
      }),
    );
  });

  it('is scaled to the highest value, with a gap for zero and for a missing one', () => {
    expect(sparkline([0, 1, 4, null, 8], 5, painter)).toBe(' ▁▄ █');
    expect(sparkline([0, 1, 4, null, 8], 5, ascii)).toBe(' .= #');
    expect(sparkline([0, 0], 4, painter)).toBe('    ');
  });

  it('keeps the latest at the right, and the peaks where several share a column', () => {
    expect(sparkline([8], 3, painter)).toBe('  █');
    expect(sparkline([0, 8, 0, 0, 4, 1], 3, painter)).toBe('█ ▄');
  });
});

describe('a meter', () => {
  it('is filled by its share', () => {
    expect(meter(0.5, 6, painter)).toBe('███░░░');
    expect(meter(1, 4, ascii)).toBe('####');
    expect(meter(0, 4, ascii)).toBe('....');
  });

  it('has exactly the columns asked for, whatever the share', () => {
    fc.assert(
      fc.property(fc.double(), fc.nat(60), (share, columns) => {
        expect(textWidth(meter(share, columns, painter))).toBe(columns);
      }),
    );
  });
});
