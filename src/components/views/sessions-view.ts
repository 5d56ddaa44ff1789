import { sessionFacts } from '../../fleet/session-word.ts';
import type { Row } from '../../store/rows.ts';
import { cellsOf, fitCell, layOut } from '../list/column.ts';
import { SESSION_TABLE_COLUMNS } from '../list/session-cells.ts';
import { sessionSign } from '../list/status-signs.ts';
import { sessionTitle } from '../list/tree-line.ts';
import { type Line, segment } from '../paint/line.ts';
import { emptyLines } from './empty.ts';
import { essenceOf } from './essence.ts';
import { headLine } from './table-heads.ts';
import type { View, ViewInput } from './view.ts';

/** Columns before a sign: cursor, mark, a blank. */
const SIGN_AT = 3;

const prefixOf = ({ row }: ViewInput) => SIGN_AT + row.painter.signWidth + 1;

function layoutOf(input: ViewInput) {
  const { state, columns, widths } = input;
  return layOut(SESSION_TABLE_COLUMNS, {
    columns,
    prefix: prefixOf(input),
    title: widths.title,
    natural: { host: widths.host },
    chosen: state.settings.columns.sessions,
    all: state.allColumns,
  });
}

/** All sessions of the fleet in one table. */
export const sessionsView: View = {
  name: 'sessions',
  title: 'Sessions',
  aliases: ['sessions', 'session', 's'],
  pane: 'panel',
  heads: (input) =>
    headLine(layoutOf(input), {
      prefix: prefixOf(input),
      title: 'TITLE',
      titleSort: 'title',
      sort: input.state.sorts.sessions,
      painter: input.row.painter,
    }),
  line: sessionLine,
  empty: (input) =>
    emptyLines(input, [segment('No sessions yet. '), segment('n starts one on the selected host', 'dim')]),
  essence: (row, input) => essenceOf(row, input.row),
};

function sessionLine(row: Row, selected: boolean, input: ViewInput): Line {
  if (row.kind !== 'session') return { left: [] };
  const { row: view } = input;
  const { painter } = view;
  const { entry, session } = row;
  const layout = layoutOf(input);
  const facts = sessionFacts(view.attention, entry, session, view.now);
  const ellipsis = painter.glyph('ellipsis');
  return {
    selected,
    left: [
      segment(selected ? painter.glyph('cursor') : ' ', 'accent'),
      view.marked.has(row.key) ? segment(painter.glyph('marked'), 'match', true) : segment(' '),
      segment(' '),
      sessionSign(painter, facts.word, view.frame),
      segment(' '),
      ...fitCell(sessionTitle(row, facts.word, layout.title, view), layout.title, false, ellipsis),
      ...cellsOf(layout, { entry, session, facts }, view, ellipsis),
    ],
  };
}
