import { printable } from '../../domain/printable.ts';
import type { Row } from '../../store/rows.ts';
import type { ViewSettings } from '../../store/settings.ts';
import { foreign, type Line, segment } from '../paint/line.ts';
import { Lines } from '../paint/lines.tsx';
import type { Painter } from '../paint/painter.ts';
import { wrapText } from '../paint/wrap.ts';
import { inspectFacts } from './inspect-lines.ts';

export interface InspectProps {
  readonly row: Row | undefined;
  readonly settings: ViewSettings;
  readonly now: number;
  readonly painter: Painter;
  readonly columns: number;
  readonly height: number;
  /** Right of the tree, behind a line; else below it. */
  readonly beside: boolean;
}

const NAME_COLUMNS = 11;

/** All that is known of the selected row. */
export function Inspect({ row, settings, now, painter, columns, height, beside }: InspectProps) {
  const edge = beside ? [segment(`${painter.glyph('separator')} `, 'border')] : [segment(' ')];
  const width = columns - 3;
  const lines = row === undefined ? [] : factLines(row, settings, now, width);
  const edged = Array.from({ length: height }, (_, index) => ({ left: [...edge, ...(lines[index]?.left ?? [])] }));
  return <Lines lines={edged} painter={painter} columns={columns} height={height} />;
}

function factLines(row: Row, settings: ViewSettings, now: number, width: number): Line[] {
  const { title, facts } = inspectFacts(row, settings, now);
  const lines: Line[] = wrapText(printable(title), width)
    .slice(0, 3)
    .map((text) => ({ left: [foreign(text, 'accent', true)] }));
  for (const { name, value } of facts) {
    const wrapped = wrapText(printable(value), Math.max(8, width - NAME_COLUMNS));
    for (const [index, text] of wrapped.entries()) {
      lines.push({ left: [segment((index === 0 ? name : '').padEnd(NAME_COLUMNS), 'dim'), segment(text)] });
    }
  }
  return lines;
}
