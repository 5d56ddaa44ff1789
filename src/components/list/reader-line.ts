import { formatAge, formatCost } from '../../domain/format.ts';
import { printable } from '../../domain/printable.ts';
import { visible } from '../../domain/visible.ts';
import { sessionFacts } from '../../fleet/session-word.ts';
import { markKey } from '../../store/marks.ts';
import { type Row, sessionOfRow } from '../../store/rows.ts';
import { type Line, segment } from '../paint/line.ts';
import { hostUrgencies, hostWord } from './host-cells.ts';
import { homeOf, withTilde } from './path-text.ts';
import type { RowView } from './row-view.ts';
import { ageText, detailText } from './session-cells.ts';

/** Composes a row for a screen reader: words with commas, the state first, no signs and no columns. */
export function readerLine(row: Row, view: RowView): Line {
  const text = partsOf(row, view)
    .filter((part) => part !== '')
    .join(', ');
  return { left: [segment(text)] };
}

function partsOf(row: Row, view: RowView): string[] {
  const of = sessionOfRow(row);
  if (of !== null) return sessionParts(of, row, view);
  const fold = 'expanded' in row ? (row.expanded ? 'unfolded' : 'folded') : '';
  switch (row.kind) {
    case 'group':
      return [`group ${printable(row.name)}`, `${row.entries.length} hosts`, fold];
    case 'host': {
      const { waiting, error, done, working } = hostUrgencies(row.entry, view);
      const counts = [
        counted(waiting, 'waiting'),
        counted(error, 'failed'),
        counted(done, 'done'),
        counted(working, 'working'),
      ];
      return [
        hostWord(row.entry)[0],
        `host ${printable(row.entry.host.label)}`,
        counted(row.tree?.total ?? 0, 'sessions'),
        ...counts,
        fold,
      ];
    }
    case 'project':
      return [
        `project ${withTilde(printable(row.project.path), homeOf(row.entry.snapshot))}`,
        counted(row.project.sessions.length, 'sessions'),
        fold,
      ];
    case 'more':
      return [`${row.hidden} more sessions`];
    case 'spender':
      return [`project ${printable(row.path)}`, `on ${printable(row.entry.host.label)}`];
    case 'message':
      return [row.message.kind === 'error' ? 'failed' : '', visible(row.message.text)];
    default:
      return [];
  }
}

function sessionParts(of: NonNullable<ReturnType<typeof sessionOfRow>>, row: Row, view: RowView): string[] {
  const { entry, session } = of;
  const facts = sessionFacts(view.attention, entry, session, view.now);
  const isMarked = (row.kind === 'session' || row.kind === 'need') && view.marked.has(markKey(row));
  const found =
    row.kind === 'find' ? `said ${formatAge(view.now - row.found.time)} ago: ${visible(row.found.excerpt.text)}` : '';
  return [
    isMarked ? 'marked' : '',
    facts.word,
    printable(session.title || 'untitled'),
    found === '' ? visible(detailText({ entry, session, facts }, view.now)) : found,
    `for ${ageText(facts, view.now)}`,
    `on ${printable(entry.host.label)}`,
    withTilde(printable(session.directory), homeOf(entry.snapshot)),
    session.cost !== null && session.cost > 0 ? formatCost(session.cost) : '',
  ];
}

function counted(count: number, word: string): string {
  return count === 0 ? '' : `${count} ${word}`;
}
