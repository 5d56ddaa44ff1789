import { LARGEST_FIRST, type Sort } from '../../store/sort.ts';
import { fitCell, GAP, type Layout } from '../list/column.ts';
import { type Line, type Segment, segment } from '../paint/line.ts';
import type { Painter } from '../paint/painter.ts';

export interface HeadWishes {
  /** Columns before the titles of the rows. */
  readonly prefix: number;
  /** Columns by which the head of the title begins before them. */
  readonly outdent?: number;
  readonly title: string;
  /** The name that the title is sorted by. */
  readonly titleSort: string | null;
  readonly sort: Sort | null;
  readonly painter: Painter;
}

/** Composes the heads of a table, at the same columns as its cells; the sorted one has an arrow. */
export function headLine<Item, View>(layout: Layout<Item, View>, wishes: HeadWishes): Line {
  const { prefix, outdent = 0, title, titleSort, sort, painter } = wishes;
  const ellipsis = painter.glyph('ellipsis');
  const head = (text: string, by: string | null): Segment[] => {
    const isSorted = sort !== null && by === sort.by;
    return [segment(text, 'dim', isSorted), segment(isSorted ? arrow(sort, painter) : '', 'accent', true)];
  };
  return {
    left: [
      segment(' '.repeat(prefix - outdent)),
      ...fitCell(head(title, titleSort), layout.title + outdent, false, ellipsis),
      ...layout.columns.flatMap(({ column, width }) => [
        segment(' '.repeat(GAP)),
        ...fitCell(head(column.head, column.sort), width, column.right ?? false, ellipsis),
      ]),
    ],
  };
}

/** An arrow up: the least comes first. */
function arrow({ by, reversed }: Sort, painter: Painter): string {
  return painter.glyph(LARGEST_FIRST.has(by) === reversed ? 'sortUp' : 'sortDown');
}
