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
  /** True if it is right of the tree, behind a line; else below it, or alone. */
  readonly beside: boolean;
}

/** Shows the selected row's facts in tabs. Composes only visible lines. */
export function InspectPanel({ row, state, now, painter, columns, height, beside }: InspectPanelProps) {
  const lines = row === undefined ? [] : panelLines(row, state, { area: { columns, height, beside }, painter, now });
  return <Lines lines={lines} painter={painter} columns={columns} height={height} />;
}
