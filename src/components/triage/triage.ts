import type { AttentionItem } from '../../fleet/select-attention.ts';
import { triageIndex } from '../../store/triage.ts';
import type { TriageState } from '../../store/triage-state.ts';
import { type Line, segment } from '../paint/line.ts';
import type { Painter } from '../paint/painter.ts';
import { itemDetail, itemLine } from './triage-lines.ts';

export interface TriageProps {
  readonly items: readonly AttentionItem[];
  readonly triage: TriageState;
  /** Index of the first visible item. */
  readonly first: number;
  readonly now: number;
  readonly painter: Painter;
  readonly columns: number;
  readonly height: number;
}

/** Maximum rows of the list: the rest is for the request. */
const MAX_LIST_ROWS = 12;

/** Divides the screen between the list and the request. */
export function triageHeights(height: number, count: number): { list: number; detail: number } {
  const list = Math.min(Math.max(1, count), MAX_LIST_ROWS, Math.max(1, Math.floor((height - 1) / 2)));
  return { list, detail: Math.max(0, height - list - 1) };
}

/** Paints the request of the selected session. */
export function triageDetail(
  items: readonly AttentionItem[],
  triage: TriageState,
  now: number,
  columns: number,
): readonly Line[] {
  const item = items[triageIndex(items, triage)];
  return item === undefined ? [] : itemDetail(item, now, columns - 2);
}

/** Composes the list of all sessions that need the user, from the item `first` on, and the request of the selected one. */
export function triageLines({ items, triage, first, now, painter, columns, height }: TriageProps): Line[] {
  const { list, detail } = triageHeights(height, items.length);
  const selected = triageIndex(items, triage);
  const shown = items.slice(first, first + list);
  const lines: Line[] =
    items.length === 0
      ? [{ left: [segment('  Nothing needs you', 'good')] }]
      : shown.map((item, index) => itemLine(item, first + index === selected, { painter, now }));
  if (detail === 0) return lines;
  const below = triageDetail(items, triage, now, columns);
  // A wider screen needs fewer lines, so the scroll position is clamped.
  const top = Math.max(0, Math.min(triage.top, below.length - detail));
  const more = below.length - top - detail;
  const rule: Line = {
    left: [segment(painter.glyph('rule').repeat(Math.max(0, columns - (more > 0 ? 18 : 0))), 'border')],
    right: more > 0 ? [segment(`${more} more below `, 'dim')] : [],
  };
  const indented = below.slice(top, top + detail).map((line) => ({ left: [segment(' '), ...line.left] }));
  const blank = Array.from({ length: list - lines.length }, (): Line => ({ left: [] }));
  return [...lines, ...blank, rule, ...indented];
}
