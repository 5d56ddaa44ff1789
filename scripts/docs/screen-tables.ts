import type { Column } from '../../src/components/list/column.ts';
import { HOST_COLUMNS } from '../../src/components/list/host-cells.ts';
import { SESSION_COLUMNS, SESSION_TABLE_COLUMNS } from '../../src/components/list/session-cells.ts';
import { HOST_LOOKS, STATE_LOOKS, type StateLook } from '../../src/components/list/state-looks.ts';
import { createIcons, ICON_SETS } from '../../src/domain/icons.ts';
import { table } from './markdown.ts';

/** Writes the signs of the states of sessions as a table. */
export function sessionStateTable(): string {
  return stateTable(Object.values(STATE_LOOKS));
}

/** Writes the signs of the states of hosts as a table. */
export function hostStateTable(): string {
  return stateTable(Object.values(HOST_LOOKS));
}

/** Writes from which width of the pane on the columns of each view are shown. */
export function columnTable(): string {
  const views = [
    ['Fleet', SESSION_COLUMNS],
    ['Sessions', SESSION_TABLE_COLUMNS],
    ['Hosts', HOST_COLUMNS],
  ] as const;
  const widths = [40, 60, 80, 100, 120, 160, 200];
  return table(
    ['View', ...widths.map(String)],
    views.map(([view, columns]) => [
      view,
      ...widths.map((width, at) => headsFrom(columns, widths[at - 1] ?? 0, width)),
    ]),
  );
}

/** Names the columns that come with a width. */
function headsFrom(
  columns: readonly Pick<Column<never, never>, 'from' | 'head'>[],
  above: number,
  upTo: number,
): string {
  return columns
    .filter(({ from }) => from > above && from <= upTo)
    .map(({ head }) => head)
    .join(' ');
}

function stateTable(looks: readonly StateLook[]): string {
  const sets = ICON_SETS.map((set) => createIcons(set, { glyphs: {}, spinner: null }));
  return table(
    ['State', ...ICON_SETS, 'Colour', 'Title'],
    looks.map((look) => [
      look.word,
      ...sets.map(({ glyphs }) => `\`${glyphs[look.glyph]}\``),
      `\`${look.colour}\``,
      look.bold ? 'bold' : '',
    ]),
  );
}
