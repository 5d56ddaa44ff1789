import type { Painter } from './painter.ts';

/**
 * Returns bars of exactly `columns` for values over time, the latest at the right, scaled to the highest. A zero and a missing value are blank; of more values
 * than columns, each column shows the highest of its share.
 */
export function sparkline(values: readonly (number | null)[], columns: number, painter: Painter): string {
  const { sparks } = painter.icons;
  const shown = values.length <= columns ? values.map(countOf) : peaksOf(values, columns);
  const highest = shown.reduce((most, value) => Math.max(most, value), 0);
  const bars = shown.map((value) => {
    if (value === 0) return ' ';
    // A very small share may round to nothing.
    const level = Math.ceil((value / highest) * sparks.length);
    return sparks[Math.max(1, level) - 1] ?? ' ';
  });
  return bars.join('').padStart(Math.max(0, columns));
}

/** Returns a bar of exactly `columns`, filled by a share from 0 to 1. */
export function meter(share: number, columns: number, painter: Painter): string {
  const width = Math.max(0, columns);
  const full = Math.round(Math.min(1, Math.max(0, Number.isNaN(share) ? 0 : share)) * width);
  return painter.glyph('meterFull').repeat(full) + painter.glyph('meterEmpty').repeat(width - full);
}

const countOf = (value: number | null) => (value !== null && Number.isFinite(value) && value > 0 ? value : 0);

function peaksOf(values: readonly (number | null)[], columns: number): number[] {
  return Array.from({ length: Math.max(0, columns) }, (_, column) => {
    const start = Math.floor((column * values.length) / columns);
    const end = Math.floor(((column + 1) * values.length) / columns);
    return values.slice(start, end).reduce<number>((most, value) => Math.max(most, countOf(value)), 0);
  });
}
