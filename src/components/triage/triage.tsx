import { Box } from 'ink';
import { useRef } from 'react';
import type { AttentionItem } from '../../fleet/select-attention.ts';
import { triageIndex } from '../../store/triage.ts';
import type { TriageState } from '../../store/triage-state.ts';
import { type Line, segment } from '../paint/line.ts';
import { Lines } from '../paint/lines.tsx';
import type { Painter } from '../paint/painter.ts';
import { scrollTo } from '../tree/scroll.ts';
import { itemDetail, itemLine } from './triage-lines.ts';

export interface TriageProps {
  readonly items: readonly AttentionItem[];
  readonly triage: TriageState;
  readonly now: number;
  readonly painter: Painter;
  readonly columns: number;
  readonly height: number;
}

/** Rows of the list at most: the rest is for what is asked. */
const LONGEST_LIST = 12;

/** How a screen is divided between the list and what is asked. */
export function triageHeights(height: number, count: number): { list: number; detail: number } {
  const list = Math.min(Math.max(1, count), LONGEST_LIST, Math.max(1, Math.floor((height - 1) / 2)));
  return { list, detail: Math.max(0, height - list - 1) };
}

/** Lines of what is asked by the selected one. */
export function triageDetail(
  items: readonly AttentionItem[],
  triage: TriageState,
  now: number,
  columns: number,
): readonly Line[] {
  const item = items[triageIndex(items, triage)];
  return item === undefined ? [] : itemDetail(item, now, columns - 2);
}

/** Every session of the fleet that needs a person, and below what the selected one asks. */
export function Triage({ items, triage, now, painter, columns, height }: TriageProps) {
  const first = useRef(0);
  const { list, detail } = triageHeights(height, items.length);
  const selected = triageIndex(items, triage);
  first.current = scrollTo(first.current, Math.max(0, selected), items.length, list);
  const shown = items.slice(first.current, first.current + list);
  const lines: Line[] =
    items.length === 0
      ? [{ left: [segment('  no session needs you', 'good')] }]
      : shown.map((item, index) => itemLine(item, first.current + index === selected, { painter, now }));
  const below = triageDetail(items, triage, now, columns);
  // A wider screen takes fewer lines: what is asked is never scrolled out of sight.
  const top = Math.max(0, Math.min(triage.top, below.length - detail));
  const more = below.length - top - detail;
  const rule: Line = {
    left: [segment(painter.glyph('rule').repeat(Math.max(0, columns - (more > 0 ? 18 : 0))), 'border')],
    right: more > 0 ? [segment(`${more} more below `, 'dim')] : [],
  };
  const indented = below.slice(top, top + detail).map((line) => ({ left: [segment(' '), ...line.left] }));
  return (
    <Box flexDirection="column" width={columns} height={height}>
      <Lines lines={lines} painter={painter} columns={columns} height={list} />
      {detail > 0 && <Lines lines={[rule, ...indented]} painter={painter} columns={columns} height={detail + 1} />}
    </Box>
  );
}
