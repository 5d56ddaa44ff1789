import { Box, Text } from 'ink';
import { useRef } from 'react';
import type { Row } from '../../store/rows.ts';
import { segment } from '../paint/line.ts';
import { type RowView, rowLine } from './row-line.ts';
import { scrollTo } from './scroll.ts';

export interface TreeProps {
  readonly rows: readonly Row[];
  readonly selected: number;
  readonly height: number;
  readonly view: RowView;
  /** Shown when there are no rows. */
  readonly empty: string;
}

/** The visible part of the tree: one text a row, composed beforehand. */
export function Tree({ rows, selected, height, view, empty }: TreeProps) {
  const first = useRef(0);
  first.current = scrollTo(first.current, selected, rows.length, height);
  const visible = rows.slice(first.current, first.current + height);
  return (
    <Box flexDirection="column" width={view.columns} height={height} flexShrink={0}>
      {visible.map((row, index) => (
        <Text key={row.key} wrap="truncate">
          {view.painter.line(rowLine(row, first.current + index === selected, view), view.columns)}
        </Text>
      ))}
      {visible.length === 0 && (
        <Text wrap="truncate">{view.painter.line({ left: [segment(`  ${empty}`, 'dim')] }, view.columns)}</Text>
      )}
    </Box>
  );
}
