import { textWidth } from '../../domain/text-width.ts';
import type { Line, Segment } from '../paint/line.ts';
import { layOutLine } from '../paint/line.ts';

/** Where things are on the screen that was composed last; rows and columns count from 0. */
export interface ScreenMap {
  readonly header: number | null;
  readonly location: { readonly row: number; readonly line: Line } | null;
  readonly heads: { readonly row: number; readonly line: Line } | null;
  /** The list: its first line, its height and width, and the index of its first visible row. */
  readonly list: {
    readonly row: number;
    readonly height: number;
    readonly columns: number;
    readonly first: number;
  } | null;
  /** The panel or the request beside or below the list. */
  readonly pane: { readonly row: number; readonly height: number; readonly column: number } | null;
  /** Lines that name keys: the footer, or the border of a popup. */
  readonly keys: { readonly row: number; readonly line: Line } | null;
  readonly columns: number;
}

/** Returns the segment of a line at a column; `null` beyond its text. */
export function segmentAt(
  line: Line,
  x: number,
  columns: number,
  ellipsis: string,
): { readonly segment: Segment; readonly index: number } | null {
  let end = 0;
  for (const [index, part] of layOutLine(line, columns, ellipsis).entries()) {
    end += textWidth(part.text);
    if (x < end) return { segment: part, index };
  }
  return null;
}

/** Returns the key that a hint at a column names: its own segment, or the one before its label. */
export function keyAt(line: Line, x: number, columns: number, ellipsis: string): string | null {
  const found = segmentAt(line, x, columns, ellipsis);
  if (found === null) return null;
  const parts = layOutLine(line, columns, ellipsis);
  const isKey = (part: Segment | undefined) =>
    part?.colour === 'accent' && part.bold === true && part.text.trim() !== '';
  if (isKey(found.segment)) return found.segment.text.trim();
  const before = parts[found.index - 1];
  return found.segment.text.trim() !== '' && isKey(before) ? (before?.text.trim() ?? null) : null;
}
