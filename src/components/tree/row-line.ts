import { type HostEntry, hostStatus, isStale } from '../../domain/fleet.ts';
import { formatAge, formatCost, formatCount } from '../../domain/format.ts';
import { describeCuts } from '../../domain/host-bounds.ts';
import { isLive, type LiveHost } from '../../domain/live.ts';
import { printable } from '../../domain/printable.ts';
import { lastUseOf, placeInProject } from '../../domain/session.ts';
import type { SessionRef } from '../../domain/session-ref.ts';
import type { HostStatus } from '../../domain/snapshot.ts';
import { textWidth, truncateText } from '../../domain/text-width.ts';
import type { ThemeColour } from '../../domain/theme.ts';
import {
  type AttentionInputs,
  type AttentionItem,
  attentionAt,
  selectEntryAttention,
  selectHostAttention,
} from '../../fleet/select-attention.ts';
import { statusOf } from '../../fleet/session-state.ts';
import { countStatuses } from '../../fleet/statistics.ts';
import { keyWarningOf, type SeenKeyWarnings } from '../../store/key-warnings.ts';
import { sessionKey } from '../../store/keys.ts';
import type { Row } from '../../store/rows.ts';
import { findRanges } from '../../store/search.ts';
import type { ViewSettings } from '../../store/settings.ts';
import { depthOf, isFoldable } from '../../store/view-transitions.ts';
import { lastColumns } from '../paint/last-columns.ts';
import { type Line, type Segment, segment, untrusted } from '../paint/line.ts';
import type { Painter } from '../paint/painter.ts';
import { attentionCount, attentionSegments } from './attention-line.ts';
import { failureText } from './failure-text.ts';
import { countSign, hostSign, sessionSign } from './status-signs.ts';

/** Painting context of a row. */
export interface RowView {
  readonly painter: Painter;
  readonly settings: ViewSettings;
  /** The inputs that decide why a session needs the user. */
  readonly attention: AttentionInputs;
  /** Keys of sessions. */
  readonly attached: ReadonlyMap<string, SessionRef>;
  readonly marked: ReadonlySet<string>;
  readonly seenKeyWarnings: SeenKeyWarnings;
  readonly columns: number;
  /** Epoch milliseconds. */
  readonly now: number;
  readonly frame: number;
  /** Words of the search, to be marked. */
  readonly words: readonly string[];
  /** Hosts stand below headings, so everything is indented by one step more. */
  readonly grouped: boolean;
}

/** Columns from which a session's row shows its folder within the project. */
const MIN_FOLDER_COLUMNS = 60;
/** Columns from which a host's row shows its latency. */
const MIN_LATENCY_COLUMNS = 50;
/** Width from which a session's row has room for agent, model and cost. */
const WIDE_COLUMNS = 100;

/** The line of a row. */
export function rowLine(row: Row, selected: boolean, view: RowView): Line {
  const { painter } = view;
  const cursor = segment(selected ? painter.glyph('cursor') : ' ', 'accent');
  const indent = '  '.repeat(Math.max(0, depthOf(row) - (view.grouped ? 0 : 1)));
  const fold = isFoldable(row)
    ? painter.glyph('expanded' in row && row.expanded ? 'expanded' : 'collapsed')
    : painter.glyph('leaf');
  const lead = view.marked.has(row.key)
    ? [cursor, segment(`${indent}${painter.glyph('marked')} `, 'accent', true)]
    : [cursor, segment(`${indent}${fold} `, 'dim')];
  const { left, right } = contentOf(row, view);
  return { left: [...lead, ...left], right: [...right, segment(' ')], selected };
}

function contentOf(row: Row, view: RowView): { left: Segment[]; right: Segment[] } {
  switch (row.kind) {
    case 'group':
      return { left: [untrusted(row.name, 'accent', true)], right: [segment(`${row.hosts} hosts`, 'dim')] };
    case 'host':
      return hostContent(row, view);
    case 'project':
      return projectContent(row, view);
    case 'session':
      return sessionContent(row, view);
    case 'more':
      return { left: [segment(`${view.painter.glyph('ellipsis')} ${row.hidden} more`, 'dim')], right: [] };
  }
}

function hostContent(row: Row & { kind: 'host' }, view: RowView): { left: Segment[]; right: Segment[] } {
  const { painter } = view;
  const { entry } = row;
  const left = [hostSign(painter, entry, view.frame), segment(' '), ...marked(entry.host.label, view, 'host', true)];
  if (entry.host.label !== entry.host.alias) left.push(segment(' '), ...marked(entry.host.alias, view, 'dim'));
  if (row.tree !== null) {
    const counts = countStatuses(entry, view.settings, view.now);
    left.push(segment(`  ${formatCount(row.tree.total)}`, isStale(entry) ? 'dim' : 'text'));
    for (const status of ['working', 'retry', 'errored', 'active'] as const) {
      if (counts[status] > 0) left.push(segment('  '), countSign(painter, status, counts[status], view.frame));
    }
  }
  left.push(...attentionCount(selectEntryAttention(view.attention, entry, view.now), view));
  return { left, right: hostState(row, view) };
}

/** States missing here count as errors. */
const FAILURE_COLOURS: Readonly<Partial<Record<HostStatus, ThemeColour>>> = {
  offline: 'dim',
  'no-shell': 'dim',
  'no-opencode': 'dim',
  blocked: 'warn',
  'auth-required': 'warn',
};

/** Paints a host's state, reason and age. */
function hostState({ entry }: Row & { kind: 'host' }, view: RowView): Segment[] {
  const { painter, now } = view;
  const stale = isStale(entry) && entry.snapshot !== null ? `stale ${formatAge(now - entry.snapshot.at)}` : '';
  if (entry.failure !== null) {
    const { status } = entry.failure;
    const colour = FAILURE_COLOURS[status] ?? 'bad';
    const text = printable(failureText(entry.failure));
    const known = stale === '' ? [] : [segment(`  ${stale}`, 'warn')];
    const room = Math.max(12, Math.floor(view.columns * 0.6) - stale.length);
    return [segment(truncateText(text, room, painter.glyph('ellipsis')), colour), ...known];
  }
  if (entry.waitsForLogin) return [segment('reading the login environment', 'dim')];
  if (keyWarningOf(entry, view.seenKeyWarnings) !== null) return [segment('host key changed, e shows why', 'bad')];
  if (stale !== '') return [segment(stale, 'warn')];
  if (hostStatus(entry) === 'unknown') return [segment(entry.refreshing ? 'asking' : 'waiting', 'dim')];
  return [
    ...doubtOf(entry.snapshot?.doubt ?? null, view),
    ...cutOf(entry),
    wayOf(entry.live),
    ...latencyOf(entry, view),
  ];
}

/** Paints the latency if there is room: pending requests come first. */
function latencyOf({ snapshot }: HostEntry, { columns }: RowView): Segment[] {
  if (columns < MIN_LATENCY_COLUMNS) return [];
  return [segment(`  ${Math.max(1, Math.round(snapshot?.latency ?? 0))} ms`, 'dim')];
}

/** Paints why sessions may be missing or out of date. */
function doubtOf(doubt: string | null, { painter, columns }: RowView): Segment[] {
  if (doubt === null) return [];
  const room = Math.max(12, Math.floor(columns * 0.6) - 16);
  return [segment(`${truncateText(printable(doubt), room, painter.glyph('ellipsis'))}  `, 'warn')];
}

/** Paints the note about cut data of the host. */
function cutOf({ snapshot, live }: HostEntry): Segment[] {
  const cuts = describeCuts(snapshot?.sessions.length ?? 0, live);
  return cuts === null ? [] : [segment(`${cuts}  `, 'warn')];
}

/** Paints how updates arrive from a host. */
function wayOf(live: LiveHost): Segment {
  if (isLive(live)) return segment('live', 'good');
  const states = new Set([...live.servers.values()].map(({ state }) => state));
  if (states.has('unproven')) return segment('server not proven to be yours', 'bad');
  return states.has('needs-password') ? segment('server needs a password', 'warn') : segment('polled', 'dim');
}

function projectContent(row: Row & { kind: 'project' }, view: RowView): { left: Segment[]; right: Segment[] } {
  const { project } = row;
  const path = printable(project.path);
  const room = Math.max(10, view.columns - 24);
  const attention = selectEntryAttention(view.attention, row.entry, view.now).filter(
    ({ session }) => session.project === project.path,
  );
  const shown = textWidth(path) <= room ? path : `${view.painter.glyph('ellipsis')}${lastColumns(path, room - 1)}`;
  return {
    left: [
      ...marked(shown, view, 'project'),
      segment(`  ${formatCount(project.sessions.length)}`, 'dim'),
      ...attentionCount(attention, view),
    ],
    right: [segment(ageOf(project.updated, row, view), 'dim')],
  };
}

function sessionContent(row: Row & { kind: 'session' }, view: RowView): { left: Segment[]; right: Segment[] } {
  const { session } = row;
  const status = statusOf(row.entry, session, view.settings, view.now);
  const faded = status === 'cold' || status === 'archived' || status === 'interrupted';
  const left = [
    sessionSign(view.painter, status, view.frame),
    segment(' '),
    ...marked(session.title || 'untitled', view, faded ? 'dim' : 'title'),
  ];
  const place = placeInProject(session);
  if (place !== '' && view.columns >= MIN_FOLDER_COLUMNS) left.push(segment('  '), ...marked(place, view, 'project'));
  const key = sessionKey(row.entry.host.alias, session.id);
  if (view.attached.has(key)) left.push(segment(` ${view.painter.glyph('attached')}`, 'good'));
  if (row.children > 0) left.push(segment(`  +${row.children} sub`, 'dim'));
  const item = attentionAt(view.attention, row.entry, session.id, view.now);
  if (item !== null) return attentionContent(item, left, view);
  const { seen, settings } = view.attention;
  const facts: string[] = [];
  if (selectHostAttention(row.entry, seen, settings, view.now).has(session.id)) facts.push('snoozed');
  if (view.columns >= WIDE_COLUMNS) {
    if (session.agent !== null) facts.push(printable(session.agent));
    if (session.model !== null) facts.push(truncateText(printable(session.model), 24, view.painter.glyph('ellipsis')));
    if (session.cost !== null && session.cost > 0) facts.push(formatCost(session.cost));
  }
  if (session.messages !== null && view.columns >= 60) facts.push(`${formatCount(session.messages)} msg`);
  return { left, right: [segment([...facts, ageOf(lastUseOf(session), row, view).padStart(4)].join('  '), 'dim')] };
}

/** The reason and its age are always shown, the request as far as there is room. */
function attentionContent(
  { attention }: AttentionItem,
  left: Segment[],
  view: RowView,
): { left: Segment[]; right: Segment[] } {
  const detail = attention.detail === '' ? [] : [untrusted(`  ${attention.detail}`, 'dim')];
  return { left: [...left, ...detail], right: attentionSegments(attention, view.now) };
}

/** Age of a time of the host's clock. */
function ageOf(time: number, row: Row & { kind: 'project' | 'session' }, view: RowView): string {
  return formatAge(view.now + (row.entry.snapshot?.clockOffset ?? 0) - time);
}

/** Highlights the matches of a search in a foreign text. */
function marked(text: string, view: RowView, colour: ThemeColour, bold?: boolean): Segment[] {
  const clean = printable(text);
  if (view.words.length === 0) return [segment(clean, colour, bold)];
  const segments: Segment[] = [];
  let at = 0;
  for (const [start, end] of findRanges(clean, view.words)) {
    if (start > at) segments.push(segment(clean.slice(at, start), colour, bold));
    segments.push(segment(clean.slice(start, end), 'match', true));
    at = end;
  }
  if (at < clean.length) segments.push(segment(clean.slice(at), colour, bold));
  return segments;
}
