import { formatAge } from '../../domain/format.ts';
import { printable } from '../../domain/printable.ts';
import type { Row } from '../../store/rows.ts';
import { fitCell } from '../list/column.ts';
import { type Line, type Segment, segment, untrusted, widthOf } from '../paint/line.ts';
import type { View, ViewInput } from './view.ts';

const MAX_HOST = 16;
const MAX_TITLE = 28;
const AGE = 4;

/** What a search in the transcripts of all hosts has found. */
export const findsView: View = {
  name: 'finds',
  title: 'Find',
  aliases: ['finds'],
  pane: 'panel',
  heads: (input) => {
    const { host, title } = widthsOf(input);
    return {
      left: [segment(`   ${'AGE'.padStart(AGE)}  ${'HOST'.padEnd(host)}  ${'SESSION'.padEnd(title)}  TEXT`, 'dim')],
    };
  },
  line: foundLine,
  empty: ({ state }) => [{ left: [segment(`  ${emptyText(state.find)}`, 'dim')] }],
  essence: (_row, { state: { find } }) => {
    if (find === null) return { left: [], right: [] };
    const progress = find.isRunning ? `asked ${find.done} of ${find.of} hosts` : `${find.of} hosts asked`;
    const [note] = find.notes;
    return {
      left: [untrusted(`"${find.needle}"`, 'match'), segment(`  ${find.found.length} found, ${progress}`, 'dim')],
      right:
        note === undefined
          ? []
          : [untrusted(find.notes.length === 1 ? note : `${note}, and ${find.notes.length - 1} more`, 'warn')],
    };
  },
};

function emptyText(find: ViewInput['state']['find']): string {
  if (find === null) return 'No search yet. :find TEXT searches all transcripts';
  if (find.isRunning) return `Searching, ${find.done} of ${find.of} hosts have answered. esc gives up`;
  return find.notes[0] === undefined
    ? 'No transcript contains this text. esc goes back'
    : printable(find.notes.join('; '));
}

function widthsOf({ widths, columns }: ViewInput): { host: number; title: number } {
  const host = Math.min(widths.host, MAX_HOST, Math.max(4, Math.floor(columns / 5)));
  return { host, title: Math.min(widths.title, MAX_TITLE, Math.max(8, Math.floor(columns / 4))) };
}

function foundLine(row: Row, selected: boolean, input: ViewInput): Line {
  if (row.kind !== 'find') return { left: [] };
  const { row: view } = input;
  const { entry, session, found } = row;
  const { host, title } = widthsOf(input);
  const ellipsis = view.painter.glyph('ellipsis');
  const age = formatAge(view.now + (entry.snapshot?.clockOffset ?? 0) - found.time).padStart(AGE);
  const lead: Segment[] = [
    segment(selected ? view.painter.glyph('cursor') : ' ', 'accent'),
    segment('  '),
    segment(`${age}  `, 'dim'),
    ...fitCell([untrusted(entry.host.label, 'host', true)], host, false, ellipsis),
    segment('  '),
    ...fitCell([untrusted(session.title || 'untitled')], title, false, ellipsis),
    segment('  '),
  ];
  const room = Math.max(1, input.columns - widthOf(lead));
  return { selected, left: [...lead, ...fitCell(excerpt(found.excerpt), room, false, ellipsis)] };
}

function excerpt({ text, offset, length }: (Row & { kind: 'find' })['found']['excerpt']): Segment[] {
  return [
    untrusted(text.slice(0, offset), 'dim'),
    untrusted(text.slice(offset, offset + length), 'match', true),
    untrusted(text.slice(offset + length), 'dim'),
  ];
}
