import type { Row } from '../../store/rows.ts';
import { cellsOf, fitCell, layOut } from '../list/column.ts';
import { HOST_COLUMNS } from '../list/host-cells.ts';
import { highlighted } from '../list/row-view.ts';
import { hostSign } from '../list/status-signs.ts';
import { type Line, segment } from '../paint/line.ts';
import { emptyLines } from './empty.ts';
import { essenceOf } from './essence.ts';
import { headLine } from './table-heads.ts';
import type { View, ViewInput } from './view.ts';

/** Columns before a sign: cursor, mark, a blank. */
const SIGN_AT = 3;
const MAX_NAME = 24;

const prefixOf = ({ row }: ViewInput) => SIGN_AT + row.painter.signWidth + 1;

function layoutOf(input: ViewInput) {
  const { state, widths, columns } = input;
  const layout = layOut(HOST_COLUMNS, {
    columns,
    prefix: prefixOf(input),
    title: Math.max(4, Math.min(widths.host, MAX_NAME)),
    least: Math.min(8, widths.host),
    chosen: state.settings.columns.hosts,
    all: state.allColumns,
  });
  return layout;
}

/** All hosts in one table. */
export const hostsView: View = {
  name: 'hosts',
  title: 'Hosts',
  aliases: ['hosts', 'h'],
  pane: 'panel',
  heads: (input) =>
    headLine(layoutOf(input), {
      prefix: prefixOf(input),
      title: 'HOST',
      titleSort: 'host',
      sort: input.state.sorts.hosts,
      painter: input.row.painter,
    }),
  line: hostLine,
  empty: (input) =>
    emptyLines(input, [segment('No hosts yet. '), segment('Add one to ~/.ssh/config, then press r', 'dim')]),
  essence: (row, input) => essenceOf(row, input.row),
};

function hostLine(row: Row, selected: boolean, input: ViewInput): Line {
  if (row.kind !== 'host') return { left: [] };
  const { row: view } = input;
  const { painter } = view;
  const layout = layoutOf(input);
  const ellipsis = painter.glyph('ellipsis');
  return {
    selected,
    left: [
      segment(selected ? painter.glyph('cursor') : ' ', 'accent'),
      segment('  '),
      hostSign(painter, row.entry, view.frame),
      segment(' '),
      ...fitCell(highlighted(row.entry.host.label, view, 'host', true), layout.title, false, ellipsis),
      ...cellsOf(layout, { entry: row.entry, tree: row.tree }, view, ellipsis),
    ],
  };
}
