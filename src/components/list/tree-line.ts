import { formatCount } from '../../domain/format.ts';
import { printable } from '../../domain/printable.ts';
import { placeInProject } from '../../domain/session.ts';
import { attentionAt, selectEntryAttention } from '../../fleet/select-attention.ts';
import { sessionFacts } from '../../fleet/session-word.ts';
import { countWork } from '../../fleet/statistics.ts';
import { sessionKey } from '../../store/keys.ts';
import type { Row } from '../../store/rows.ts';
import { isFoldable } from '../../store/view-transitions.ts';
import { type Line, type Segment, segment, untrusted, widthOf } from '../paint/line.ts';
import { cellsOf, fitCell, GAP, type Layout } from './column.ts';
import { hostAge, hostUrgencies, hostWhy, hostWord, roundTrip } from './host-cells.ts';
import { homeOf, shortenPath, withTilde } from './path-text.ts';
import { highlighted, type RowView } from './row-view.ts';
import type { SessionItem } from './session-cells.ts';
import { STATE_LOOKS } from './state-looks.ts';
import { hostSign, sessionSign } from './status-signs.ts';
import { countUrgencies, sumUrgencies, urgencySegments } from './urgencies.ts';

export type TreeLayout = Layout<SessionItem, RowView>;

/** Columns before the sign of a session: cursor, mark, two levels. */
const SESSION_INDENT = 6;
const LEVEL = 2;

/** Returns the width of what stands before a session's title in the tree. */
export function treePrefix(view: Pick<RowView, 'painter'>): number {
  return SESSION_INDENT + view.painter.signWidth + 1;
}

/** Composes the line of a row of the tree, for a list of `columns`. */
export function treeLine(row: Row, selected: boolean, layout: TreeLayout, view: RowView, columns: number): Line {
  const { painter } = view;
  const cursor = segment(selected ? painter.glyph('cursor') : ' ', 'accent');
  const mark = view.marked.has(row.key) ? segment(painter.glyph('marked'), 'match', true) : segment(' ');
  const start = treePrefix(view) + layout.title;
  const body = bodyOf(row, layout, view, start, columns);
  return { left: [cursor, mark, ...body], selected };
}

function bodyOf(row: Row, layout: TreeLayout, view: RowView, start: number, columns: number): Segment[] {
  switch (row.kind) {
    case 'group':
      return groupBody(row, view, columns);
    case 'host':
      return hostBody(row, layout, view, start, columns);
    case 'project':
      return projectBody(row, view, columns);
    case 'session':
      return sessionBody(row, layout, view);
    case 'more':
      return [
        segment(' '.repeat(treePrefix(view) - 2)),
        segment(`${view.painter.glyph('ellipsis')} ${row.hidden} more`, 'dim'),
      ];
    default:
      return [];
  }
}

function foldSign(row: Row, { painter }: RowView): Segment {
  if (!isFoldable(row)) return segment('  ');
  return segment(`${painter.glyph('expanded' in row && row.expanded ? 'expanded' : 'collapsed')} `, 'dim');
}

/** Composes a heading: its name, its hosts and what is inside, and a rule up to the edge. */
function groupBody(row: Row & { kind: 'group' }, view: RowView, columns: number): Segment[] {
  const inside = sumUrgencies(row.entries.map((entry) => hostUrgencies(entry, view)));
  const count = `  ${row.entries.length} ${row.entries.length === 1 ? 'host' : 'hosts'}`;
  const head = [
    foldSign(row, view),
    untrusted(row.name, 'text', true),
    segment(count, 'dim'),
    ...spaced(urgencySegments(inside, view.painter, view.frame)),
    segment('  '),
  ];
  const room = Math.max(0, columns - 2 - widthOf(head) - 1);
  return [...head, segment(view.painter.glyph('rule').repeat(room), 'border')];
}

function spaced(segments: readonly Segment[]): Segment[] {
  return segments.length === 0 ? [] : [segment('  '), ...segments];
}

function hostBody(
  row: Row & { kind: 'host' },
  layout: TreeLayout,
  view: RowView,
  start: number,
  columns: number,
): Segment[] {
  const { entry } = row;
  const name = [...highlighted(entry.host.label, view, 'host', true)];
  const head = [
    foldSign(row, view),
    hostSign(view.painter, entry, view.frame),
    segment(' '),
    ...name,
    ...(row.tree === null ? [] : [segment(`  ${formatCount(row.tree.total)}`, 'dim')]),
    ...spaced(urgencySegments(hostUrgencies(entry, view), view.painter, view.frame)),
  ];
  const ellipsis = view.painter.glyph('ellipsis');
  const cells = hostCells(row, layout, view);
  const width = widthOf(cells);
  const why = hostWhy(entry, view);
  const rest = columns - start - width - GAP;
  const shownWhy = why.length > 0 ? why : versionOf(row, layout);
  const room = Math.max(rest, 0);
  return [
    ...fitCell(head, Math.max(1, start - 2), false, ellipsis),
    ...cells,
    ...(room < MIN_WHY ? [] : [segment(' '.repeat(GAP)), ...fitCell(shownWhy, room, false, ellipsis)]),
  ];
}

/** Least width for the reason why a host cannot be read. */
const MIN_WHY = 10;

/** STATE and AGE of a host, below those of the sessions. */
function hostCells({ entry }: Row & { kind: 'host' }, { columns }: TreeLayout, view: RowView): Segment[] {
  const [word, colour] = hostWord(entry);
  const ellipsis = view.painter.glyph('ellipsis');
  const cells: Segment[] = [];
  for (const { column, width } of columns) {
    const cell = column.name === 'state' ? [segment(word, colour)] : [segment(hostAge(entry, view.now), 'dim')];
    if (column.name !== 'state' && column.name !== 'age') break;
    cells.push(segment(' '.repeat(GAP)), ...fitCell(cell, width, column.right ?? false, ellipsis));
  }
  return cells;
}

function versionOf({ entry }: Row & { kind: 'host' }, { columns }: TreeLayout): Segment[] {
  if (!columns.some(({ column }) => column.name === 'detail')) return [];
  const version = entry.snapshot?.opencode.version ?? null;
  const parts = [version === null ? '' : `opencode ${printable(version)}`, roundTrip(entry)];
  return [segment(parts.filter((part) => part !== '').join('  '), 'dim')];
}

function projectBody(row: Row & { kind: 'project' }, view: RowView, columns: number): Segment[] {
  const { project, entry } = row;
  const items = selectEntryAttention(view.attention, entry, view.now).filter(
    ({ session }) => session.project === project.path,
  );
  const { working, retry } = countWork(entry, project.path, view.settings, view.now);
  const counts = countUrgencies(items, { working, retrying: retry });
  const tail = [
    segment(`  ${formatCount(project.sessions.length)}`, 'dim'),
    ...spaced(urgencySegments(counts, view.painter, view.frame)),
  ];
  const room = Math.max(8, columns - SESSION_INDENT - widthOf(tail) - 1);
  const path = withTilde(printable(project.path), homeOf(entry.snapshot));
  const shown = shortenPath(path, room, view.painter.glyph('ellipsis'));
  return [segment('  '), foldSign(row, view), ...highlighted(shown, view, 'project'), ...tail];
}

function sessionBody(row: Row & { kind: 'session' }, layout: TreeLayout, view: RowView): Segment[] {
  const { entry, session, level } = row;
  const facts = sessionFacts(view.attention, entry, session, view.now);
  const ellipsis = view.painter.glyph('ellipsis');
  return [
    segment(' '.repeat(SESSION_INDENT - 2)),
    sessionSign(view.painter, facts.word, view.frame),
    segment(' '),
    ...fitCell(
      [segment(' '.repeat(LEVEL * level)), ...sessionTitle(row, facts.word, layout.title - LEVEL * level, view)],
      layout.title,
      false,
      ellipsis,
    ),
    ...cellsOf(layout, { entry, session, facts }, view, ellipsis),
  ];
}

/** Composes a session's title with its suffixes, which stay when the title is cut: open in the background, subagents. */
export function sessionTitle(
  {
    entry,
    session,
    children,
    expanded,
  }: Pick<Row & { kind: 'session' }, 'entry' | 'session' | 'children' | 'expanded'>,
  word: keyof typeof STATE_LOOKS,
  columns: number,
  view: RowView,
): Segment[] {
  const { painter } = view;
  const { bold } = STATE_LOOKS[word];
  const faded = word === 'cold' || word === 'archived' || word === 'interrupted';
  const suffix: Segment[] = [];
  if (view.attached.has(sessionKey(entry.host.alias, session.id)))
    suffix.push(segment(`  ${painter.glyph('attached')}`, 'good'));
  if (children > 0) suffix.push(segment(`  ${painter.glyph(expanded ? 'expanded' : 'collapsed')}${children}`, 'dim'));
  const more = attentionAt(view.attention, entry, session.id, view.now)?.attention.more ?? 0;
  if (more > 0) suffix.push(segment(`  +${more}`, 'warn', true));
  const place = placeInProject(session);
  const title = highlighted(session.title || 'untitled', view, faded ? 'dim' : 'text', bold);
  const folder = place === '' ? [] : [segment('  '), ...highlighted(place, view, 'project')];
  const room = Math.max(1, columns - widthOf(suffix));
  const cut = fitCell(
    [...title, ...folder],
    Math.min(room, widthOf([...title, ...folder])),
    false,
    painter.glyph('ellipsis'),
  );
  return [...cut, ...suffix];
}
