import { textWidth } from '../../domain/text-width.ts';
import { type Segment, segment, truncateSegments, widthOf } from '../paint/line.ts';

/** A column of a table, as data. Widths are in terminal columns. */
export interface Column<Item, View> {
  /** Its name in the configuration. */
  readonly name: string;
  readonly head: string;
  readonly width: number;
  /** Grows up to this width where there is room. */
  readonly max?: number;
  readonly right?: boolean;
  /** Width of the pane from which it is shown. */
  readonly from: number;
  /** The lowest goes first where the columns do not fit. */
  readonly rank: number;
  /** The name that a table is sorted by; `null` if it cannot be. */
  readonly sort: string | null;
  cell(item: Item, view: View): readonly Segment[];
}

/** A column with its place in the row. */
export interface Placed<Item, View> {
  readonly column: Column<Item, View>;
  readonly width: number;
}

export interface Layout<Item, View> {
  /** Width of the first column, which holds the title. */
  readonly title: number;
  readonly columns: readonly Placed<Item, View>[];
}

/** Blanks between two columns. */
export const GAP = 2;
export const MIN_TITLE = 16;
/** The scrollbar and the blank before it, which belong to the pane but not to the list. */
export const EDGE = 2;
export const MAX_TITLE = 48;

export interface LayoutWishes {
  /** Width of the pane, without its scrollbar. */
  readonly columns: number;
  /** Width of what stands before the title. */
  readonly prefix: number;
  /** Width that most titles need. */
  readonly title: number;
  /** Widths that the contents of columns need, by name: such a column is no wider. */
  readonly natural?: Readonly<Record<string, number>>;
  /** Names of the columns that the user chose, in order; `null` for the default ones. */
  readonly chosen: readonly string[] | null;
  /** Least width of the title; 16 if it is left out. */
  readonly least?: number;
  /** Shows every column that fits, whatever its `from`. */
  readonly all: boolean;
}

/** Chooses the columns that fit and their widths. The title takes what it needs, and all the room where no column fits. */
export function layOut<Item, View>(
  known: readonly Column<Item, View>[],
  { columns, prefix, title, natural = {}, chosen, least = MIN_TITLE, all }: LayoutWishes,
): Layout<Item, View> {
  const wanted =
    chosen === null
      ? known.filter(({ from }) => all || from <= columns + EDGE)
      : chosen.flatMap((name) => known.find((column) => column.name === name) ?? []);
  const kept = wanted.map((column) => {
    const needed = natural[column.name] ?? Number.POSITIVE_INFINITY;
    const width = Math.min(column.width, Math.max(needed, column.head.length + 1));
    return { column, width, max: Math.max(width, Math.min(column.max ?? column.width, needed)) };
  });
  const room = columns - prefix;
  const taken = () => kept.reduce((sum, { width }) => sum + GAP + width, 0);
  while (kept.length > 0 && room - taken() < least) {
    const lowest = kept.reduce((low, one) => (one.column.rank < low.column.rank ? one : low));
    kept.splice(kept.indexOf(lowest), 1);
  }
  const free = room - taken();
  const titleWidth = kept.length === 0 ? Math.max(1, room) : Math.max(least, Math.min(title, MAX_TITLE, free));
  let spare = Math.max(0, free - titleWidth);
  const placed = kept.map(({ column, width, max }) => {
    const extra = Math.min(spare, max - width);
    spare -= extra;
    return { column, width: width + extra };
  });
  return { title: titleWidth, columns: placed };
}

/** Fits segments into exactly `width` columns: cut with an ellipsis, or filled with blanks. */
export function fitCell(segments: readonly Segment[], width: number, right: boolean, ellipsis: string): Segment[] {
  const cut = truncateSegments(segments, width, ellipsis);
  const blank = segment(' '.repeat(Math.max(0, width - widthOf(cut))));
  return right ? [blank, ...cut] : [...cut, blank];
}

/** Composes the cells of a row after its title. */
export function cellsOf<Item, View>(
  { columns }: Layout<Item, View>,
  item: Item,
  view: View,
  ellipsis: string,
): Segment[] {
  return columns.flatMap(({ column, width }) => [
    segment(' '.repeat(GAP)),
    ...fitCell(column.cell(item, view), width, column.right ?? false, ellipsis),
  ]);
}

/** Returns a width that nine of ten texts fit into. */
export function commonWidth(texts: readonly string[]): number {
  if (texts.length === 0) return MIN_TITLE;
  const widths = texts.map(textWidth).sort((a, b) => a - b);
  return widths[Math.min(widths.length - 1, Math.floor(widths.length * 0.9))] ?? MIN_TITLE;
}
