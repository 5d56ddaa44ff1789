import type { HostEntry } from '../../domain/fleet.ts';
import { formatAge, formatCost, formatCount } from '../../domain/format.ts';
import { printable } from '../../domain/printable.ts';
import type { Session } from '../../domain/session.ts';
import { nameRequest } from '../../domain/user-request.ts';
import { visible } from '../../domain/visible.ts';
import type { SessionFacts } from '../../fleet/session-word.ts';
import { type Segment, segment } from '../paint/line.ts';
import type { Column } from './column.ts';
import { homeOf, shortenPath, withTilde } from './path-text.ts';
import { highlighted, type RowView } from './row-view.ts';
import { STATE_LOOKS } from './state-looks.ts';

/** A session with its state, as its row shows it. */
export interface SessionItem {
  readonly entry: HostEntry;
  readonly session: Session;
  readonly facts: SessionFacts;
}

export type SessionColumn = Column<SessionItem, RowView>;

const dim = (text: string): Segment[] => (text === '' ? [] : [segment(text, 'dim')]);

/** Returns how long a state has lasted; for a snooze, how long it still lasts. */
export function ageText({ word, since }: SessionFacts, now: number): string {
  return formatAge(word === 'snoozed' ? since - now : now - since);
}

/** Returns what a session asks, its error, when it tries again, or what its turn has changed; unpainted text from outside. */
export function detailText({ entry, session, facts }: SessionItem, now: number): string {
  const attention = facts.item?.attention ?? null;
  const detail = attention?.request ? nameRequest(attention.request) : (attention?.detail ?? '');
  if (detail !== '') return detail;
  const told = entry.live.sessions.get(session.id);
  if (told?.status.kind === 'retry') {
    const wait = Math.max(0, Math.ceil((told.status.next - (entry.snapshot?.clockOffset ?? 0) - now) / 1000));
    return `${told.status.message}, in ${wait}s`;
  }
  if (facts.word === 'error') return session.error ?? '';
  if (facts.word === 'stalled') return `no event for ${formatAge(now - facts.since)}`;
  if (facts.word === 'unknown' && session.turn === 'open') return 'its turn never ended';
  if (facts.word === 'done' && (session.files ?? 0) > 0)
    return `${session.files} ${session.files === 1 ? 'file' : 'files'} +${session.additions ?? 0} -${session.deletions ?? 0}`;
  if (told?.todo && facts.word === 'working') return `todo ${told.todo.done}/${told.todo.total}`;
  return '';
}

function stateCell({ facts: { word } }: SessionItem): Segment[] {
  const { colour, bold } = STATE_LOOKS[word];
  return [segment(word, colour, bold)];
}

function projectCell({ entry, session }: SessionItem, view: RowView, columns = 24): Segment[] {
  const path = withTilde(printable(session.directory), homeOf(entry.snapshot));
  return highlighted(shortenPath(path, columns, view.painter.glyph('ellipsis')), view, 'project');
}

function changesCell({ session: { additions, deletions } }: SessionItem): Segment[] {
  if (additions === null || (additions === 0 && deletions === 0)) return [];
  return [segment(`+${formatCount(additions)}`, 'good'), segment(` -${formatCount(deletions ?? 0)}`, 'bad')];
}

const MODEL_PROVIDER = /^[^/]*\//;

/** The columns of sessions, in their order. The title is not one of them: every row has it. */
export const SESSION_COLUMNS: readonly SessionColumn[] = [
  {
    name: 'host',
    head: 'HOST',
    width: 10,
    max: 16,
    from: Number.POSITIVE_INFINITY,
    rank: 9,
    sort: 'host',
    cell: ({ entry }, view) => highlighted(entry.host.label, view, 'host', true),
  },
  {
    name: 'project',
    head: 'PROJECT',
    width: 16,
    max: 24,
    from: Number.POSITIVE_INFINITY,
    rank: 6,
    sort: 'project',
    cell: projectCell,
  },
  { name: 'state', head: 'STATE', width: 11, from: 60, rank: 8, sort: 'state', cell: stateCell },
  {
    name: 'age',
    head: 'AGE',
    width: 4,
    right: true,
    from: 40,
    rank: 10,
    sort: 'age',
    cell: ({ facts }, { now }) => dim(ageText(facts, now)),
  },
  {
    name: 'detail',
    head: 'DETAIL',
    width: 16,
    max: 40,
    from: 120,
    rank: 5,
    sort: null,
    cell: (item, { now }) => dim(visible(detailText(item, now))),
  },
  {
    name: 'cost',
    head: 'COST',
    width: 6,
    right: true,
    from: 80,
    rank: 7,
    sort: 'cost',
    cell: ({ session: { cost } }) => dim(cost === null || cost === 0 ? '' : formatCost(cost)),
  },
  {
    name: 'agent',
    head: 'AGENT',
    width: 8,
    from: 100,
    rank: 6,
    sort: 'agent',
    cell: ({ session: { agent } }) => dim(printable(agent ?? '')),
  },
  {
    name: 'changes',
    head: 'CHANGES',
    width: 11,
    from: 160,
    rank: 4,
    sort: 'changes',
    cell: changesCell,
  },
  {
    name: 'model',
    head: 'MODEL',
    width: 12,
    max: 18,
    from: 160,
    rank: 3,
    sort: 'model',
    cell: ({ session: { model } }) => dim(printable((model ?? '').replace(MODEL_PROVIDER, ''))),
  },
  {
    name: 'messages',
    head: 'MSGS',
    width: 5,
    right: true,
    from: 200,
    rank: 2,
    sort: 'messages',
    cell: ({ session: { messages } }) => dim(messages === null ? '' : formatCount(messages)),
  },
  {
    name: 'tokens',
    head: 'TOKENS',
    width: 6,
    right: true,
    from: 200,
    rank: 1,
    sort: 'tokens',
    cell: ({ session: { tokens } }) => dim(tokens === null ? '' : formatCount(tokens.input + tokens.output)),
  },
];

/** The columns of the session table: other widths, and the place of each session. */
export const SESSION_TABLE_COLUMNS: readonly SessionColumn[] = SESSION_COLUMNS.map((column) => {
  const from: Readonly<Record<string, number>> = {
    host: 60,
    state: 60,
    cost: 80,
    age: 40,
    project: 120,
    detail: 120,
    agent: 160,
    model: 160,
  };
  const later: Readonly<Record<string, number>> = { changes: 200, messages: 200, tokens: 200 };
  return { ...column, from: from[column.name] ?? later[column.name] ?? column.from };
});
