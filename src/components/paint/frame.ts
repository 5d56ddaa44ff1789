import type { Line } from './line.ts';
import type { Painter } from './painter.ts';

/** Paints lines from top to bottom: exactly `height` texts, each exactly `columns` wide. Missing lines are blank. */
export function paintLines(painter: Painter, lines: readonly Line[], columns: number, height: number): string[] {
  return Array.from({ length: height }, (_, place) => painter.line(lines[place] ?? { left: [] }, columns));
}

/** Joins two panes of the same height, line by line. */
export function beside(left: readonly string[], right: readonly string[]): string[] {
  return left.map((line, place) => line + (right[place] ?? ''));
}
