import { formatCount } from '../domain/format.ts';
import type { AttentionItem } from '../fleet/select-attention.ts';
import type { FleetCounts } from '../fleet/statistics.ts';
import { type Line, type Segment, segment, untrusted, widthOf } from './paint/line.ts';
import type { Painter } from './paint/painter.ts';
import { attentionCount } from './tree/attention-line.ts';
import { countSign } from './tree/status-signs.ts';

export interface HeaderProps {
  readonly counts: FleetCounts;
  /** The sessions that need the user, and the current time. */
  readonly attention: readonly AttentionItem[];
  readonly now: number;
  /** Sessions that are marked. */
  readonly marked: number;
  /** True if nothing may be changed on any host. */
  readonly isReadonly: boolean;
  /** Milliseconds until the next refresh; `null` when none is planned. */
  readonly nextRefresh: number | null;
  readonly query: string;
  readonly searching: boolean;
  /** Sessions and hosts that were found; `null` while a search has not ended. */
  readonly found: { readonly sessions: number; readonly hosts: number } | null;
  readonly frame: number;
  readonly painter: Painter;
  readonly columns: number;
}

export const HEADER_HEIGHT = 2;

/** Composes two lines: the fleet in numbers, and the search box or a rule. */
export function headerLines(props: HeaderProps): Line[] {
  return [fleetLine(props), props.searching || props.query !== '' ? searchLine(props) : ruleLine(props)];
}

function fleetLine(props: HeaderProps): Line {
  const { counts, attention, marked, isReadonly, now, nextRefresh, frame, painter, columns } = props;
  const statuses = (['working', 'retry', 'errored', 'active'] as const).filter((status) => counts.byStatus[status] > 0);
  const parts: Segment[][] = [
    [segment(' ocr', 'accent', true)],
    // The count of sessions that need the user is dropped last.
    attentionCount(attention, { painter, now }),
    marked > 0 ? [segment(`  ${painter.glyph('marked')} ${marked} marked`, 'accent', true)] : [],
    isReadonly ? [segment('  read-only', 'warn')] : [],
    [segment(`  ${counted(counts.hosts, 'host')}`)],
    [segment(`  ${counts.online} online`, 'good')],
    counts.failed > 0 ? [segment(`  ${counts.failed} failed`, 'warn')] : [],
    counts.noOpencode > 0 ? [segment(`  ${painter.glyph('noOpencode')} ${counts.noOpencode} no opencode`, 'dim')] : [],
    counts.noShell > 0 ? [segment(`  ${counts.noShell} no shell`, 'dim')] : [],
    [segment(`   ${counted(counts.sessions, 'session')}`)],
    ...statuses.map((status) => [segment('  '), countSign(painter, status, counts.byStatus[status], frame)]),
  ];
  const right = [segment(refreshText(counts, nextRefresh), 'dim'), segment(' ')];
  return { left: wholeParts(parts, columns - widthOf(right) - 1), right };
}

/** The first parts that fit: half a number would be another number. */
function wholeParts(parts: readonly (readonly Segment[])[], columns: number): Segment[] {
  const shown: Segment[] = [];
  for (const part of parts) {
    if (widthOf(shown) + widthOf(part) > columns) break;
    shown.push(...part);
  }
  return shown;
}

function refreshText(counts: FleetCounts, nextRefresh: number | null): string {
  if (counts.refreshing > 0) return `asking ${counts.refreshing}`;
  return nextRefresh === null ? '' : `refresh in ${Math.max(0, Math.floor(nextRefresh / 1000))}s`;
}

function searchLine({ query, searching, found, painter }: HeaderProps): Line {
  const cursor = searching ? [segment('_', 'accent', true)] : [];
  const result = found === null ? '' : `${counted(found.sessions, 'session')} on ${counted(found.hosts, 'host')} `;
  const ellipsis = painter.glyph('ellipsis');
  return {
    left: [segment(' / ', 'accent', true), untrusted(query, 'text', true), ...cursor],
    right: [segment(query.trim() === '' ? '' : result || `${ellipsis} `, 'dim')],
  };
}

function ruleLine({ painter, columns }: HeaderProps): Line {
  return { left: [segment(painter.glyph('rule').repeat(columns), 'border')] };
}

function counted(count: number, what: string): string {
  return `${formatCount(count)} ${what}${count === 1 ? '' : 's'}`;
}
