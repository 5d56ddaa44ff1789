import { textWidth, truncateText } from '../../domain/text-width.ts';
import type { ThemeColour } from '../../domain/theme.ts';
import { type GraphHistory, type GraphName, pulseHistory } from '../../fleet/pulse/pulse-history.ts';
import { type StateCounts, sampleFleet } from '../../fleet/pulse/pulse-sample.ts';
import { type Line, type Segment, segment } from '../paint/line.ts';
import type { Painter } from '../paint/painter.ts';
import { wrapText } from '../paint/wrap.ts';
import { formatAmount, formatDay, formatShortMoney, formatTimeOfDay } from './figures.ts';
import { sparkline } from './graphs.ts';
import { isUnicode, type PulseInput, rangeSpan } from './pulse-input.ts';
import { FIGURE_PLACES, type FigureColumn, type FigurePlace, figureColumns } from './spending-section.ts';

/** One row of the section: a graph over time with its present and its greatest value. */
interface GraphRow {
  readonly name: GraphName;
  /** Empty for a rate. */
  readonly sign: string;
  readonly label: string;
  readonly colour: ThemeColour;
}

/** Graphs in the order in which they are dropped where the height is too small, the last one first. */
const BY_RANK: readonly GraphName[] = ['waiting', 'working', 'error', 'money', 'done', 'active', 'tokens'];
/** Heading and graphs. */
export const SESSION_LINES = 8;
const LABEL_COLUMNS = 8;
const NUMBER_COLUMNS = 6;
const MIN_GRAPH_COLUMNS = 20;
const MAX_GRAPH_COLUMNS = 120;
const COLLECTING = 'Collecting, the first point comes in 1 minute';

/** Composes the graphs of the sessions, of tokens and of money, with the figures of today beside them: at most `height` lines. */
export function sessionLines(input: PulseInput, height: number): Line[] {
  const { columns, painter, series, now, range } = input;
  const kept = new Set(BY_RANK.slice(0, Math.max(0, height - 1)));
  const rows = graphRows(painter, input.frame).filter(({ name }) => kept.has(name));
  const signs = Math.max(1, ...rows.map(({ sign }) => textWidth(sign)));
  const prefix = 1 + signs + 1 + LABEL_COLUMNS + 2;
  const room = columns - prefix - 2 * NUMBER_COLUMNS - 1;
  const sample = sampleFleet(input.state, now);
  const places = fittingPlaces(Object.values(FIGURE_PLACES), room - MIN_GRAPH_COLUMNS);
  const taken = places.reduce((sum, place) => sum + place.gap + place.width, 0);
  const width = Math.max(0, Math.min(MAX_GRAPH_COLUMNS, room - taken));
  const { graphs, isEmpty } = pulseHistory(series.fleet, now, rangeSpan(range), width);
  const beside = figureColumns(input, sample, graphs).slice(0, places.length);
  const collecting = isEmpty && width > 0 ? wrapText(COLLECTING, width) : [];
  const lines = rows.map((row, index): Line => {
    const graph = graphs[row.name];
    const present = isState(row.name) ? sample[row.name] : graph.latest;
    const drawn = isEmpty
      ? segment((collecting[index] ?? '').padEnd(width), 'dim')
      : segment(sparkline(graph.values, graph.peak, isUnicode(painter)), row.colour);
    const numbers = numbersOf(row.name, present, graph);
    return {
      left: [...labelOf(row, signs), drawn, ...numbers, ...beside.flatMap((column) => figureCells(column, index))],
    };
  });
  return [headingOf(input, prefix, width, beside), ...lines].slice(0, Math.max(0, height));
}

function graphRows(painter: Painter, frame: number | null): GraphRow[] {
  const done = isUnicode(painter) ? '✓' : 'D';
  return [
    { name: 'waiting', label: 'waiting', sign: painter.glyph('waiting'), colour: 'warn' },
    { name: 'working', label: 'working', sign: painter.spinner(frame), colour: 'busy' },
    { name: 'error', label: 'error', sign: painter.glyph('errored'), colour: 'bad' },
    { name: 'done', label: 'done', sign: done, colour: 'good' },
    { name: 'active', label: 'active', sign: painter.glyph('active'), colour: 'good' },
    { name: 'tokens', label: 'tokens/min', sign: '', colour: 'text' },
    { name: 'money', label: 'cost/hour', sign: '', colour: 'text' },
  ];
}

const isState = (name: GraphName): name is keyof StateCounts => name !== 'tokens' && name !== 'money';

function numbersOf(name: GraphName, present: number, { peak }: GraphHistory): Segment[] {
  const format = name === 'money' ? formatShortMoney : formatAmount;
  const most = format(Math.max(peak, present));
  return [
    segment(format(present).padStart(NUMBER_COLUMNS), 'text', true),
    segment(most.padStart(NUMBER_COLUMNS), 'dim'),
  ];
}

function labelOf({ sign, label, colour }: GraphRow, signs: number): Segment[] {
  if (sign === '') return [segment(` ${label.padEnd(signs + 1 + LABEL_COLUMNS)}  `)];
  const padding = ' '.repeat(signs - textWidth(sign));
  return [segment(` ${sign}${padding} `, colour), segment(`${label.padEnd(LABEL_COLUMNS)}  `)];
}

function headingOf(input: PulseInput, prefix: number, width: number, figures: readonly FigureColumn[]): Line {
  const titles = figures.map(({ gap, width: columns, title }) => ' '.repeat(gap) + title.padEnd(columns)).join('');
  const numbers = 'NOW'.padStart(NUMBER_COLUMNS) + 'PEAK'.padStart(NUMBER_COLUMNS);
  return { left: [segment(' SESSIONS'.padEnd(prefix) + axis(input, width) + numbers + titles, 'dim')] };
}

/** Tells when the graphs begin and end, as far as that fits. */
function axis({ range, now, painter }: PulseInput, width: number): string {
  const from = now - rangeSpan(range);
  const day = { hour: '', day: ' yesterday', week: '' }[range];
  const start = `${range === 'week' ? `${formatDay(from)} ` : ''}${formatTimeOfDay(from)}${day}`;
  const end = range === 'hour' ? formatTimeOfDay(now) : 'now';
  if (start.length + 1 + end.length <= width) return start + end.padStart(width - start.length);
  return truncateText(start, width, painter.glyph('ellipsis')).padEnd(width);
}

/** Returns the places that fit side by side, from the first on. */
function fittingPlaces(places: readonly FigurePlace[], room: number): readonly FigurePlace[] {
  let left = room;
  const tooMany = places.findIndex(({ gap, width }) => {
    left -= gap + width;
    return left < 0;
  });
  return tooMany < 0 ? places : places.slice(0, tooMany);
}

function figureCells({ gap, width, label, rows }: FigureColumn, index: number): Segment[] {
  const [name = '', value = ''] = rows[index] ?? [];
  return [segment(' '.repeat(gap) + name.padEnd(label), 'dim'), segment(value.padEnd(width - label))];
}
