import { printable } from '../../domain/printable.ts';
import { fitText, textWidth } from '../../domain/text-width.ts';
import { measureOf, type PulseRow } from '../../fleet/pulse/busiest-projects.ts';
import { hostUse } from '../../fleet/pulse/use-today.ts';
import { type Segment, segment } from '../paint/line.ts';
import { formatMeasure } from './figures.ts';
import { meter } from './graphs.ts';
import { fitPath, shownPath } from './project-path.ts';
import { isUnicode, type PulseInput } from './pulse-input.ts';

/** A row of a block that may stand beside another one: segments of exactly the block's columns. */
export interface BlockRow {
  readonly segments: readonly Segment[];
  readonly selected: boolean;
}

const VALUE_COLUMNS = 8;
const GAP = 2;
/** Cursor, gaps and value. */
const FIXED_COLUMNS = 1 + 2 * GAP + VALUE_COLUMNS;
const MAX_NAME_COLUMNS = 16;
const MAX_PATH_COLUMNS = 48;
/** Width from which bars are longer. */
const WIDE_COLUMNS = 80;
/** Part of the room for path and bar that the bar takes. */
const BAR_SHARE = 0.4;
/** Columns of a block without projects. */
const EMPTY_COLUMNS = 60;

/** Composes the busiest projects as a block of `columns` and at most `height` rows, the selected one among them. */
export function projectBlock(
  input: PulseInput,
  rows: readonly PulseRow[],
  columns: number,
  height: number,
): BlockRow[] {
  if (height <= 0) return [];
  const ellipsis = input.painter.glyph('ellipsis');
  const heading = segment(fitText(' BUSIEST PROJECTS TODAY', columns, ellipsis), 'dim');
  const [first] = rows;
  if (first === undefined) {
    const text = segment(fitText(` ${emptyText(input)}`, columns, ellipsis), 'dim');
    return [plain(heading), plain(text)].slice(0, height);
  }
  const places = placesOf(rows, columns);
  const top = measureOf(first, input.measure);
  const shown = windowOf(rows.length, height - 1, input.selected);
  const lines = rows.slice(shown.from, shown.to).map((row, index): BlockRow => {
    const selected = shown.from + index === input.selected;
    const share = measureOf(row, input.measure) / top;
    const path = fitPath(shownPath(row.path, row.entry.snapshot), places.path, ellipsis);
    const parts = [
      segment(selected ? input.painter.glyph('cursor') : ' ', 'accent'),
      segment(fitText(printable(row.entry.host.label), places.host, ellipsis), 'host', true),
      segment(`${' '.repeat(GAP)}${path}${' '.repeat(GAP)}`, 'project'),
      segment(meter(share, places.bar, isUnicode(input.painter)), 'busy'),
      segment(formatMeasure(row, input.measure).padStart(VALUE_COLUMNS)),
    ];
    const spare = segment(' '.repeat(Math.max(0, columns - widthOfPlaces(places))));
    return { segments: [...parts, spare], selected };
  });
  return [plain(heading), ...lines];
}

const plain = (text: Segment): BlockRow => ({ segments: [text], selected: false });

function emptyText({ state, now }: PulseInput): string {
  const entries = [...state.entries.values()];
  const isTold = entries.some((entry) => hostUse(entry, now).total !== null);
  if (isTold || entries.every(({ snapshot }) => snapshot === null)) return 'Nothing used today';
  return 'No host reports costs: they need sqlite3 or python3';
}

interface Places {
  readonly host: number;
  readonly path: number;
  readonly bar: number;
}

/** Returns the widths of the columns. All rows decide them, so that nothing shifts while scrolling. */
function placesOf(rows: readonly PulseRow[], columns: number): Places {
  const room = Math.max(0, columns - FIXED_COLUMNS);
  const widest = (texts: readonly string[], most: number) => Math.min(most, Math.max(...texts.map(textWidth), 4));
  const labels = rows.map(({ entry }) => printable(entry.host.label));
  const paths = rows.map(({ path, entry }) => shownPath(path, entry.snapshot));
  const host = Math.min(widest(labels, MAX_NAME_COLUMNS), Math.floor(room / 3));
  const bar = Math.min(columns >= WIDE_COLUMNS ? 24 : 16, Math.floor((room - host) * BAR_SHARE));
  return { host, bar, path: Math.min(widest(paths, MAX_PATH_COLUMNS), room - host - bar) };
}

const widthOfPlaces = ({ host, path, bar }: Places) => FIXED_COLUMNS + host + path + bar;

/** Returns the columns of a block that has at most `most`, without any to spare. */
export function projectBlockColumns(rows: readonly PulseRow[], most: number): number {
  return rows.length === 0 ? Math.min(most, EMPTY_COLUMNS) : Math.min(most, widthOfPlaces(placesOf(rows, most)));
}

/** Returns the part of `count` rows that `height` shows, around the selected one. */
function windowOf(count: number, height: number, selected: number | null): { from: number; to: number } {
  const rows = Math.max(0, height);
  const from = Math.max(0, Math.min(count - rows, (selected ?? 0) - Math.floor(rows / 2)));
  return { from, to: Math.min(count, from + rows) };
}
