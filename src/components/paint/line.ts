import { printable } from '../../domain/printable.ts';
import { textWidth, truncateText } from '../../domain/text-width.ts';
import type { ThemeColour } from '../../domain/theme.ts';

/** A piece of a line in one style. */
export interface Segment {
  readonly text: string;
  readonly colour?: ThemeColour;
  readonly bold?: boolean;
  readonly underline?: boolean;
  readonly reverse?: boolean;
  /** The ground where it is not the line's own. */
  readonly ground?: Ground;
}

/**
 * The ground that text is painted on: the view, the cursor's row, the view behind a popup (all in `dim`), a row that stays while others scroll, a popup.
 */
export const GROUNDS = ['view', 'selected', 'dimmed', 'raised', 'popup'] as const;
export type Ground = (typeof GROUNDS)[number];

/** A line of the screen: a left part, cut if necessary, and a part at the right edge. */
export interface Line {
  readonly left: readonly Segment[];
  readonly right?: readonly Segment[];
  readonly selected?: boolean;
  /** Belongs to the view behind a popup. */
  readonly dimmed?: boolean;
  /** Stays while the rows below scroll. */
  readonly raised?: boolean;
}

/** Returns the ground of a line. Behind a popup nothing is selected. */
export function groundOf({ selected, dimmed, raised }: Line): Ground {
  if (dimmed) return 'dimmed';
  if (selected) return 'selected';
  return raised ? 'raised' : 'view';
}

/** Paints a segment of text from a remote or the user. */
export function untrusted(text: string, colour?: ThemeColour, bold?: boolean): Segment {
  return segment(printable(text), colour, bold);
}

/** A segment of text of our own. */
export function segment(text: string, colour?: ThemeColour, bold?: boolean): Segment {
  return { text, ...(colour === undefined ? {} : { colour }), ...(bold === undefined ? {} : { bold }) };
}

export function widthOf(segments: readonly Segment[]): number {
  return segments.reduce((sum, { text }) => sum + textWidth(text), 0);
}

/** Cuts segments to at most `columns`, the last one that fits ending in the ellipsis when anything was cut. */
export function truncateSegments(segments: readonly Segment[], columns: number, ellipsis: string): Segment[] {
  if (widthOf(segments) <= columns) return [...segments];
  const kept: Segment[] = [];
  let left = columns;
  for (const part of segments) {
    const width = textWidth(part.text);
    if (width < left) {
      kept.push(part);
      left -= width;
      continue;
    }
    if (left > 0) kept.push({ ...part, text: truncateText(`${part.text}${ellipsis}`, left, ellipsis) });
    break;
  }
  return kept;
}

/** Lays a line out to exactly `columns`. The right side gives way when it would take more than two thirds. */
export function layOutLine(line: Line, columns: number, ellipsis: string): Segment[] {
  const right = truncateSegments(line.right ?? [], Math.floor((columns * 2) / 3), ellipsis);
  const rightWidth = widthOf(right);
  const room = Math.max(0, columns - rightWidth - (rightWidth > 0 ? 1 : 0));
  const left = truncateSegments(line.left, room, ellipsis);
  const gap = columns - widthOf(left) - rightWidth;
  return [...left, { text: ' '.repeat(Math.max(0, gap)) }, ...right];
}
