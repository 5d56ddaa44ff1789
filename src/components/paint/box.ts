import { type Line, type Segment, segment, truncateSegments, untrusted, widthOf } from './line.ts';
import { popupSegments, withGround } from './overlay.ts';
import type { Painter } from './painter.ts';
import { scrollbar } from './scrollbar.ts';

export interface KeyHint {
  readonly key: string;
  readonly hint: string;
}

export interface Box {
  /** Text in the upper border, at the left and at the right. */
  readonly title: string | readonly Segment[];
  readonly right?: string | readonly Segment[];
  readonly body: readonly Line[];
  /** Keys that work in the popup, or a sentence in their place; for the lower border. */
  readonly keys: readonly KeyHint[] | string;
  /** Width of the frame, at least 6. */
  readonly columns: number;
  readonly painter: Painter;
  /** Set if the body is a part of a longer text: its length, and the line that comes first, from 0. */
  readonly scroll?: { readonly total: number; readonly first: number };
}

/** Columns that the frame and its padding take beside the body. */
export const BOX_MARGIN = 4;

/** Draws a frame around the body: two lines more than it, each exactly `columns` wide. */
export function boxLines(box: Box): Line[] {
  const { body, painter } = box;
  const bar = box.scroll === undefined ? null : scrollbar(box.scroll.total, body.length, box.scroll.first);
  const edge = painter.glyph('separator');
  const rows = body.map((line, row) => {
    const last = bar?.[row] === 'thumb' ? painter.glyph('thumb') : edge;
    return bodyLine(line, [frame(edge), frame(last)], box);
  });
  return [upperBorder(box), ...rows, lowerBorder(box)];
}

const frame = (text: string) => segment(text, 'accent');

function bodyLine(line: Line, [first, last]: readonly [Segment, Segment], { columns, painter }: Box): Line {
  // The cursor's row reaches from border to border.
  const inside: Line = { ...line, left: [segment(' '), ...line.left], right: [...(line.right ?? []), segment(' ')] };
  const segments = popupSegments(inside, columns - 2, painter.glyph('ellipsis'));
  return { left: withGround([first, ...segments, last], 'popup') };
}

function upperBorder({ title, right = '', columns, painter }: Box): Line {
  const ellipsis = painter.glyph('ellipsis');
  const cut = (text: string | readonly Segment[], room: number, isTitle: boolean) =>
    truncateSegments(
      typeof text === 'string' ? [untrusted(text, isTitle ? 'text' : 'dim', isTitle)] : text,
      room,
      ellipsis,
    );
  const room = columns - BOX_MARGIN;
  const atRight = cut(right, Math.floor(room / 2), false);
  const atLeft = cut(title, room - (atRight.length === 0 ? 0 : widthOf(atRight) + 2), true);
  return border([painter.glyph('topLeft'), painter.glyph('topRight')], atLeft, atRight, columns, painter);
}

function lowerBorder({ keys, columns, painter }: Box): Line {
  const room = columns - BOX_MARGIN;
  const shown = typeof keys === 'string' ? [untrusted(keys, 'dim')] : hintSegments(keys, room);
  const atLeft = truncateSegments(shown, room, painter.glyph('ellipsis'));
  return border([painter.glyph('bottomLeft'), painter.glyph('bottomRight')], atLeft, [], columns, painter);
}

function border(
  [first, last]: readonly [string, string],
  left: readonly Segment[],
  right: readonly Segment[],
  columns: number,
  painter: Painter,
): Line {
  const spaced = (text: readonly Segment[]) => (widthOf(text) === 0 ? [] : [segment(' '), ...text, segment(' ')]);
  const [start, end] = [spaced(left), spaced(right)];
  const rest = Math.max(0, columns - 2 - widthOf(start) - widthOf(end));
  const rule = frame(painter.glyph('rule').repeat(rest));
  return { left: withGround([frame(first), ...start, rule, ...end, frame(last)], 'popup') };
}

/** Returns hints that fit whole. The last one, which leads out, is the last to go. */
function hintSegments(keys: readonly KeyHint[], room: number): Segment[] {
  const shown = [...keys];
  while (shown.length > 1 && widthOf(joined(shown)) > room) shown.splice(-2, 1);
  return joined(shown);
}

const joined = (keys: readonly KeyHint[]) =>
  keys.flatMap(({ key, hint }, place) => [
    segment(place === 0 ? '' : '  '),
    segment(key, 'accent', true),
    segment(` ${hint}`, 'dim'),
  ]);
