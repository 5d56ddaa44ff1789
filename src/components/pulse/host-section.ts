import { type HostEntry, hostStatus, isStale } from '../../domain/fleet.ts';
import { formatAge } from '../../domain/format.ts';
import { type Machine, memoryShare } from '../../domain/machine.ts';
import { printable } from '../../domain/printable.ts';
import { fitText, textWidth } from '../../domain/text-width.ts';
import type { ThemeColour } from '../../domain/theme.ts';
import { bucket, type Point } from '../../fleet/pulse/points.ts';
import type { PulseSeries } from '../../fleet/pulse/pulse-series.ts';
import { hostSign } from '../list/status-signs.ts';
import { type Segment, segment, widthOf } from '../paint/line.ts';
import { formatShare } from './figures.ts';
import { meter, sparkline } from './graphs.ts';
import type { BlockRow } from './project-section.ts';
import { isUnicode, type PulseInput } from './pulse-input.ts';

const HOUR_MS = 3_600_000;
const LOAD_COLUMNS = 6;
const METER_COLUMNS = 6;
/** Gap, meter, blank, `100%`. */
const MEMORY_COLUMNS = 2 + METER_COLUMNS + 1 + 4;
const GRAPH_COLUMNS = 12;
/** `stale 6m`, `key changed`. */
const WORD_COLUMNS = 13;
const NAME_COLUMNS = { least: 8, most: 16 };
/** Columns of a row without its name, memory and graph. */
const FIXED_COLUMNS = 3 + LOAD_COLUMNS + WORD_COLUMNS;
/** Shares of memory in use. */
const MUCH_MEMORY = 0.9;
const ALL_MEMORY = 0.97;

/** Composes load, memory and round trip of the hosts as a block of `columns` and at most `height` rows. */
export function hostBlock(input: PulseInput, columns: number, height: number): BlockRow[] {
  const { painter, state } = input;
  const ellipsis = painter.glyph('ellipsis');
  const entries = [...state.entries.values()];
  if (height <= 0 || entries.length === 0) return [];
  const rows = Math.max(0, height - 1);
  const isCut = entries.length > rows;
  const shown = entries.slice(0, isCut ? Math.max(0, rows - 1) : rows);
  const places = placesOf(entries, columns);
  const lines = shown.map((entry): BlockRow => ({ segments: rowOf(input, entry, places, columns), selected: false }));
  const rest = segment(fitText(` ${ellipsis} ${entries.length - shown.length} more`, columns, ellipsis), 'dim');
  const heading = segment(fitText(headingOf(places), columns, ellipsis), 'dim');
  return [
    { segments: [heading], selected: false },
    ...lines,
    ...(isCut && rows > 0 ? [{ segments: [rest], selected: false }] : []),
  ];
}

/** Columns of names; and if there is room for memory and for the graph, which are dropped in this order: graph, memory. */
interface Places {
  readonly name: number;
  readonly memory: boolean;
  readonly graph: boolean;
}

function placesOf(entries: readonly HostEntry[], columns: number): Places {
  const name = nameColumns(entries);
  const withMemory = FIXED_COLUMNS + name + MEMORY_COLUMNS;
  return { name, memory: columns >= withMemory, graph: columns >= withMemory + 2 + GRAPH_COLUMNS };
}

function nameColumns(entries: readonly HostEntry[]): number {
  const widest = Math.max(0, ...entries.map(({ host }) => textWidth(printable(host.label))));
  return Math.min(NAME_COLUMNS.most, Math.max(NAME_COLUMNS.least, widest));
}

/** Returns the columns of a block that has at most `most`, without any to spare. */
export function hostBlockColumns({ state }: PulseInput, most: number): number {
  const least = FIXED_COLUMNS + nameColumns([...state.entries.values()]);
  const all = [least, least + MEMORY_COLUMNS, least + MEMORY_COLUMNS + 2 + GRAPH_COLUMNS];
  return all.findLast((columns) => columns <= most) ?? least;
}

function headingOf({ name, memory, graph }: Places): string {
  const titles = [' HOSTS'.padEnd(3 + name), 'LOAD'.padStart(LOAD_COLUMNS)];
  if (memory) titles.push('  MEM'.padEnd(MEMORY_COLUMNS));
  titles.push(graph ? '  RTT, 1 HOUR' : '  RTT');
  return titles.join('');
}

function rowOf(input: PulseInput, entry: HostEntry, places: Places, columns: number): Segment[] {
  const { painter, series, now, frame } = input;
  const ellipsis = painter.glyph('ellipsis');
  const sign = hostSign(painter, entry, frame);
  const machine = entry.fresh ? (entry.snapshot?.machine ?? null) : null;
  const parts = [
    segment(' '),
    sign,
    segment(' '.repeat(Math.max(1, 2 - textWidth(sign.text)))),
    segment(fitText(printable(entry.host.label), places.name, ellipsis), 'host', true),
    loadCell(machine),
  ];
  if (places.memory) parts.push(memoryCell(machine, isUnicode(painter)));
  if (places.graph) parts.push(segment(`  ${roundTrips(series, entry, now, isUnicode(painter))}`, 'dim'));
  const [word, colour] = wordOf(entry, now);
  parts.push(segment(`  ${word}`, colour));
  const width = widthOf(parts);
  // An emoji takes a column more than other signs.
  if (width > columns) return [segment(fitText(parts.map(({ text }) => text).join(''), columns, ellipsis))];
  return [...parts, segment(' '.repeat(columns - width))];
}

function loadCell(machine: Machine | null): Segment {
  const { load = null, cpus = null } = machine ?? {};
  if (load === null) return segment(' '.repeat(LOAD_COLUMNS));
  const text = load >= 100 ? load.toFixed(0) : load.toFixed(2);
  const colour: ThemeColour = cpus === null || load <= cpus ? 'text' : load <= 2 * cpus ? 'warn' : 'bad';
  return segment(text.slice(0, LOAD_COLUMNS - 1).padStart(LOAD_COLUMNS), colour);
}

function memoryCell(machine: Machine | null, unicode: boolean): Segment {
  const share = machine === null ? null : memoryShare(machine);
  if (share === null) return segment(' '.repeat(MEMORY_COLUMNS));
  const colour: ThemeColour = share < MUCH_MEMORY ? 'text' : share < ALL_MEMORY ? 'warn' : 'bad';
  return segment(`  ${meter(share, METER_COLUMNS, unicode)} ${formatShare(share).padStart(4)}`, colour);
}

/** Draws the last hour. The usual round trip is half as high as the graph, so that a steady host is a flat line. */
function roundTrips({ hosts }: PulseSeries, { host }: HostEntry, now: number, unicode: boolean): string {
  const points = hosts.flatMap(({ at, hosts: pulses }): Point[] => {
    const rtt = pulses.get(host.alias)?.rtt ?? null;
    return rtt === null ? [] : [{ at, value: rtt }];
  });
  const sorted = points.map(({ value }) => value).sort((one, other) => one - other);
  const usual = sorted[Math.floor(sorted.length / 2)] ?? 0;
  return sparkline(bucket(points, now - HOUR_MS, now, GRAPH_COLUMNS), 2 * usual, unicode);
}

const STATUS_WORDS: Readonly<Record<ReturnType<typeof hostStatus>, readonly [string, ThemeColour]>> = {
  ...{ online: ['', 'text'], unknown: ['', 'dim'], offline: ['offline', 'dim'], error: ['error', 'bad'] },
  ...{ 'auth-required': ['needs auth', 'warn'], 'host-key-unknown': ['new key', 'warn'] },
  ...{ 'host-key-changed': ['key changed', 'bad'], blocked: ['blocked', 'dim'] },
  ...{ 'no-shell': ['no shell', 'dim'], 'no-opencode': ['no opencode', 'dim'] },
};

/** Returns the round trip, or why there is none. */
function wordOf(entry: HostEntry, now: number): readonly [string, ThemeColour] {
  if (entry.failure === null && entry.snapshot !== null) {
    if (isStale(entry)) return [`stale ${formatAge(now - entry.snapshot.at)}`, 'dim'];
    return [`${Math.round(entry.snapshot.latency)}ms`, 'text'];
  }
  return STATUS_WORDS[hostStatus(entry)];
}
