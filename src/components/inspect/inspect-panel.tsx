import type { Row } from '../../store/rows.ts';
import { Lines } from '../paint/lines.tsx';
import type { Painter } from '../paint/painter.ts';
import { panelLines } from './panel.ts';
import type { PanelState } from './panel-body.ts';

export interface InspectPanelProps {
  readonly row: Row | undefined;
  readonly state: PanelState;
  readonly now: number;
  readonly painter: Painter;
  readonly columns: number;
  readonly height: number;
  /** Right of the tree, behind a line; else below it, or alone. */
  readonly beside: boolean;
}

/** What is known of the selected row, in tabs: of those lines alone that are seen. */
export function InspectPanel({ row, state, now, painter, columns, height, beside }: InspectPanelProps) {
  const lines = row === undefined ? [] : panelLines(row, state, { area: { columns, height, beside }, painter, now });
  return <Lines lines={lines} painter={painter} columns={columns} height={height} />;
}
