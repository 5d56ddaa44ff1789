import { layOut } from '../list/column.ts';
import { SESSION_COLUMNS } from '../list/session-cells.ts';
import { type TreeLayout, treeLine, treePrefix } from '../list/tree-line.ts';
import { segment } from '../paint/line.ts';
import { emptyLines } from './empty.ts';
import { essenceOf } from './essence.ts';
import { headLine } from './table-heads.ts';
import type { View, ViewInput } from './view.ts';

/** Names of hosts and the heads need this much, however short the titles are. */
const MIN_NAME = 28;

function layoutOf({ state, row, widths, columns }: ViewInput): TreeLayout {
  return layOut(SESSION_COLUMNS, {
    columns,
    prefix: treePrefix(row),
    title: Math.max(widths.title, MIN_NAME),
    chosen: state.settings.columns.fleet,
    all: state.allColumns,
  });
}

/** The tree: groups, hosts, projects, sessions. */
export const fleetView: View = {
  name: 'fleet',
  title: 'Fleet',
  aliases: ['fleet', 'tree', 'f'],
  pane: 'panel',
  heads: (input) =>
    headLine(layoutOf(input), {
      prefix: treePrefix(input.row),
      outdent: 2,
      title: 'HOST / PROJECT / SESSION',
      titleSort: null,
      sort: null,
      painter: input.row.painter,
    }),
  line: (row, selected, input) => treeLine(row, selected, layoutOf(input), input.row, input.columns),
  empty: (input) => emptyLines(input, [segment('No hosts yet')]),
  essence: (row, input) => essenceOf(row, input.row),
};
