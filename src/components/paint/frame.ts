import { groundOf, type Line, layOutLine } from './line.ts';
import { withGround } from './overlay.ts';
import type { Painter } from './painter.ts';

/** Paints lines from top to bottom: exactly `height` texts, each exactly `columns` wide. Missing lines are blank. */
export function paintLines(painter: Painter, lines: readonly Line[], columns: number, height: number): string[] {
  return Array.from({ length: height }, (_, place) => painter.line(lines[place] ?? { left: [] }, columns));
}

/** Joins two panes of the same height, line by line. */
export function beside(left: readonly string[], right: readonly string[]): string[] {
  return left.map((line, place) => line + (right[place] ?? ''));
}

/** Joins lines of two panes side by side before they are painted, so that a popup can cover both. Returns `height` lines, each exactly as wide as both. */
export function besideLines(
  left: { readonly lines: readonly Line[]; readonly columns: number },
  right: { readonly lines: readonly Line[]; readonly columns: number },
  height: number,
  ellipsis: string,
): Line[] {
  return Array.from({ length: height }, (_, row) => ({
    left: [left, right].flatMap(({ lines, columns }) => {
      const line = lines[row] ?? { left: [] };
      return withGround(layOutLine(line, columns, ellipsis), groundOf(line));
    }),
  }));
}
