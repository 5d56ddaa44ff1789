import type { Row } from '../../store/rows.ts';
import { type Line, segment } from '../paint/line.ts';
import { type RowView, rowLine } from './row-line.ts';

export interface TreeProps {
  readonly rows: readonly Row[];
  readonly selected: number;
  /** Index of the first visible row. */
  readonly first: number;
  readonly height: number;
  readonly view: RowView;
  /** Shown when there are no rows. */
  readonly empty: string;
}

/** Composes the visible rows of the tree. */
export function treeLines({ rows, selected, first, height, view, empty }: TreeProps): Line[] {
  const visible = rows.slice(first, first + height);
  if (visible.length === 0) return [{ left: [segment(`  ${empty}`, 'dim')] }];
  return visible.map((row, index) => rowLine(row, first + index === selected, view));
}
