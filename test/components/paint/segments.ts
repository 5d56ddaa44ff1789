import fc from 'fast-check';
import { GROUNDS, type Line, type Segment } from '../../../src/components/paint/line.ts';
import { createPainter, type Painter } from '../../../src/components/paint/painter.ts';
import type { IconSet } from '../../../src/domain/icons.ts';
import { THEME_COLOURS } from '../../../src/domain/theme.ts';
import { builtInTheme } from '../../support/built-in-theme.ts';

/** Text of narrow, wide and combining characters, as `printable` lets through. */
export const someText = fc
  .array(fc.constantFrom('a', 'b', ' ', '│', '漢', '字', '🟢', '💤', 'é', 'e\u0301', 'ก็', '한'), { maxLength: 12 })
  .map((characters) => characters.join(''));

export const someSegment: fc.Arbitrary<Segment> = fc.record(
  {
    text: someText,
    colour: fc.constantFrom(...THEME_COLOURS),
    bold: fc.boolean(),
    underline: fc.boolean(),
    reverse: fc.boolean(),
    ground: fc.constantFrom(...GROUNDS),
  },
  { requiredKeys: ['text'] },
);

export const someLine: fc.Arbitrary<Line> = fc.record(
  {
    left: fc.array(someSegment, { maxLength: 4 }),
    right: fc.array(someSegment, { maxLength: 2 }),
    selected: fc.boolean(),
    dimmed: fc.boolean(),
    raised: fc.boolean(),
  },
  { requiredKeys: ['left'] },
);

/** A painter of text alone. */
export function textPainter(icons: IconSet = 'shapes'): Painter {
  return createPainter({ theme: builtInTheme(), icons, depth: 'plain' });
}

export const textOf = (segments: readonly Segment[]) => segments.map(({ text }) => text).join('');
