import { formatAge, formatCount } from '../domain/format.ts';
import { printable } from '../domain/printable.ts';
import { truncateText } from '../domain/text-width.ts';
import type { AttentionItem } from '../fleet/select-attention.ts';
import type { FleetCounts } from '../fleet/statistics.ts';
import { countUrgencies, longestWait, urgencySegments } from './list/urgencies.ts';
import { type Line, type Segment, segment, untrusted, widthOf } from './paint/line.ts';
import type { Painter } from './paint/painter.ts';

export interface HeaderProps {
  readonly counts: FleetCounts;
  /** The sessions that need the user, and the current time. */
  readonly attention: readonly AttentionItem[];
  readonly now: number;
  /** True if nothing may be changed on any host. */
  readonly isReadonly: boolean;
  readonly isDemo: boolean;
  /** Milliseconds until the next refresh; `null` when none is planned. */
  readonly nextRefresh: number | null;
  readonly frame: number | null;
  readonly painter: Painter;
  readonly columns: number;
  /** Shown at the right instead of the next refresh, where the screen has no line for it; `null` elsewhere. */
  readonly position: string | null;
  /** The active filter, shown beside the position. */
  readonly filter: string;
}

/** Columns from which the clock is shown. */
const CLOCK_COLUMNS = 100;

/** Composes the first line: who needs the user, then the fleet in numbers. The parts at the right go first where they do not fit. */
export function headerLine(props: HeaderProps): Line {
  const { counts, attention, isReadonly, isDemo, now, painter, frame, columns } = props;
  const right = rightOf(props);
  const { working, retry } = counts.byStatus;
  const lead: Segment[][] = [
    [segment(' ocr', 'accent', true)],
    isReadonly ? [segment('  read-only', 'warn')] : [],
    isDemo ? [segment('  DEMO', 'match', true)] : [],
  ];
  const room = columns - widthOf(right) - 1;
  const parts: Segment[][] = [
    ...lead,
    needSegments(props, room - widthOf([...lead].flat())),
    working + retry > 0
      ? [
          segment('   '),
          ...urgencySegments(countUrgencies([], { working, retrying: retry }), painter, frame),
          segment(' working'),
        ]
      : [],
    [segment(`   ${hostsText(counts)}`, counts.online < counts.hosts ? 'text' : 'dim')],
    [segment(`   ${counted(counts.sessions, 'session')}`, 'dim')],
  ];
  if (attention.length === 0 && counts.sessions === 0 && counts.hosts === 0) parts.splice(3, 1);
  const clock = columns >= CLOCK_COLUMNS ? [segment(`${clockText(now)}  `, 'dim')] : [];
  return { left: wholeParts(parts, columns - widthOf([...clock, ...right]) - 1), right: [...clock, ...right] };
}

/** Counts the sessions that need the user, by why, with the longest wait of all; on a narrow screen without these. */
function needSegments({ attention, counts: fleet, now, painter, frame }: HeaderProps, room: number): Segment[] {
  // While no host has answered, nothing is known.
  if (attention.length === 0) return fleet.online === 0 ? [] : [segment('  nothing needs you', 'dim')];
  const counts = countUrgencies(attention, { working: 0, retrying: 0 });
  const since = longestWait(attention) ?? now;
  const verb = attention.length === 1 ? 'needs' : 'need';
  const count = segment(`  ${attention.length} ${verb} you`, 'warn', true);
  const age = segment(` ${formatAge(now - since)}`, 'dim');
  const whole = [count, segment(' '), ...urgencySegments({ ...counts, working: 0 }, painter, frame), age];
  return [whole, [count, age]].find((segments) => widthOf(segments) <= room) ?? [count];
}

function hostsText({ hosts, online }: FleetCounts): string {
  return online === hosts ? counted(hosts, 'host') : `${online}/${counted(hosts, 'host')}`;
}

function rightOf({ counts, nextRefresh, position, filter, painter, frame, columns }: HeaderProps): Segment[] {
  if (position !== null)
    return [
      untrusted(truncateText(printable(filter), Math.floor(columns / 3), painter.glyph('ellipsis')), 'match'),
      segment(` ${position} `, 'dim'),
    ];
  if (counts.refreshing > 0)
    return [segment(painter.spinner(frame).trimEnd(), 'busy'), segment(` asking ${counts.refreshing} `, 'dim')];
  if (nextRefresh === null) return [];
  return [segment(`${painter.glyph('retry')}${Math.max(0, Math.floor(nextRefresh / 1000))}s `, 'dim')];
}

function clockText(now: number): string {
  const date = new Date(now);
  const part = (value: number) => String(value).padStart(2, '0');
  return `${part(date.getHours())}:${part(date.getMinutes())}`;
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

function counted(count: number, what: string): string {
  return `${formatCount(count)} ${what}${count === 1 ? '' : 's'}`;
}
