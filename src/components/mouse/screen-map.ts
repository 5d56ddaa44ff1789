import { textWidth } from '../../domain/text-width.ts';
import type { Row } from '../../store/rows.ts';
import type { Line, Segment } from '../paint/line.ts';
import { layOutLine } from '../paint/line.ts';
import type { ComposeInput } from '../screen-input.ts';
import { viewOf } from '../views/views.ts';

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
    /** Parents that cover its first rows. */
    readonly sticky: readonly Row[];
  } | null;
  /** The panel or the request beside or below the list. */
  readonly pane: { readonly row: number; readonly height: number; readonly column: number } | null;
  /** The line that names keys, from one column up to another: the footer, or the border of a popup. */
  readonly keys: { readonly row: number; readonly line: Line; readonly from: number; readonly to: number } | null;
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

/** Returns where things are on a screen. `heads` and `first` are of its list. */
export function mapOf(
  { screen, mode, state }: Pick<ComposeInput, 'screen' | 'mode' | 'state'>,
  lines: {
    readonly location: Line;
    readonly heads: Line;
    readonly first: number;
    readonly sticky: readonly Row[];
    readonly banner: number;
    readonly keys: ScreenMap['keys'];
  },
): ScreenMap {
  const top = screen.header + screen.location + lines.banner;
  const { list, pane, heads } = screen;
  const isListed = mode === 'list' || mode === 'filter' || mode === 'command';
  const hasList = isListed && viewOf(state.view).body === undefined;
  const paneRow = screen.beside ? top : top + heads + list.height;
  return {
    columns: screen.columns,
    header: screen.header === 1 ? 0 : null,
    location: screen.location === 1 ? { row: screen.header, line: lines.location } : null,
    heads: hasList && heads === 1 ? { row: top, line: lines.heads } : null,
    list: hasList
      ? {
          row: top + heads,
          height: list.height - lines.banner,
          columns: list.columns,
          first: lines.first,
          sticky: lines.sticky,
        }
      : null,
    pane:
      pane === null || !isListed
        ? null
        : { row: paneRow, height: pane.height, column: screen.beside ? list.columns : 0 },
    keys: lines.keys,
  };
}
