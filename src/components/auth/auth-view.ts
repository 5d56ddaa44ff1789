import { printable } from '../../domain/printable.ts';
import type { ThemeColour } from '../../domain/theme.ts';
import { type Line, segment } from '../paint/line.ts';
import type { Painter } from '../paint/painter.ts';
import { wrapText } from '../paint/wrap.ts';

/** Painting context of the dialog. */
export interface AuthView {
  readonly painter: Painter;
  readonly columns: number;
  readonly height: number;
  /** Frame of the spinner. */
  readonly frame: number | null;
}

export const MARGIN = '  ';
/** Longer lines are hard to read. */
const MAX_LINE_COLUMNS = 100;

/** Columns that a line of text has. */
export function bodyColumns(columns: number): number {
  return Math.max(1, Math.min(MAX_LINE_COLUMNS, columns - 2 * MARGIN.length));
}

/** Style of a paragraph, cut to `most` lines if given. */
export interface ParagraphStyle {
  readonly colour?: ThemeColour;
  readonly bold?: boolean;
  readonly most?: number;
}

/** A text, our own or foreign, as lines of at most `columns` behind the margin; none for an empty one. */
export function paragraph(text: string, columns: number, painter: Painter, style: ParagraphStyle = {}): Line[] {
  const { colour, bold, most = Number.POSITIVE_INFINITY } = style;
  const wrapped = text.split(/\r?\n/).flatMap((line) => {
    const clean = printable(line).trim();
    return clean === '' ? [] : wrapText(clean, columns);
  });
  if (wrapped.length > most) wrapped.splice(Math.max(0, most - 1), wrapped.length, painter.glyph('ellipsis'));
  return wrapped.map((line) => ({ left: [segment(MARGIN), segment(line, colour, bold)] }));
}
