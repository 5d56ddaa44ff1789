import { printable } from '../../domain/printable.ts';
import { fitText, textWidth } from '../../domain/text-width.ts';
import type { Field } from '../../store/form/field.ts';
import { MARGIN, paragraph } from '../auth/auth-view.ts';
import { type Line, type Segment, segment } from '../paint/line.ts';
import type { Painter } from '../paint/painter.ts';
import { brief } from './brief.ts';

/** Painting context of a field. */
export interface FieldView {
  readonly painter: Painter;
  readonly columns: number;
  /** Columns of the labels, without padding. */
  readonly labelColumns: number;
  /** Rows at most. */
  readonly most: number;
  /** True if it has the keyboard. */
  readonly isFocused: boolean;
  /** True if keys do nothing now: there is no cursor. */
  readonly isStill: boolean;
}

/** The lines of a field, and the cursor's position in them. */
export interface Block {
  readonly lines: readonly Line[];
  readonly cursor: { readonly x: number; readonly y: number } | null;
}

/** Columns that a label has beside its value at most, of a screen that is wide enough. */
const WIDEST_LABEL = 20;
/** Lines of a label above its value. */
const MAX_LABEL_LINES = 4;

/** Returns the width of a form's labels. A longer label goes above its value. */
export function labelColumnsOf(fields: readonly Field[], columns: number): number {
  const most = Math.min(WIDEST_LABEL, Math.floor(columns / 3));
  const fitting = fields.map(({ label }) => textWidth(printable(brief(label)))).filter((width) => width <= most);
  return Math.max(Math.min(4, most), ...fitting);
}

/** The columns before a value. */
export function valueLeft({ labelColumns }: FieldView): number {
  return MARGIN.length + labelColumns + MARGIN.length;
}

/** Columns that a value has. */
export function valueRoom(view: FieldView): number {
  return Math.max(1, view.columns - valueLeft(view) - 1);
}

/**
 * Paints a label beside its value. A long label gets lines above, so that it can be read in full while the field is
 * focused.
 */
export function labelled(
  label: string,
  view: FieldView,
  value: readonly Segment[],
  right?: readonly Segment[],
): Line[] {
  const { painter, labelColumns, isFocused, columns } = view;
  const text = printable(brief(label));
  const isLong = isFocused && textWidth(text) > labelColumns;
  const most = Math.max(0, Math.min(MAX_LABEL_LINES, view.most - 2));
  const above =
    isLong && most > 0 ? paragraph(text, Math.max(1, columns - 2 * MARGIN.length), painter, { bold: true, most }) : [];
  const shown = fitText(above.length > 0 ? '' : text, labelColumns, painter.glyph('ellipsis'));
  const mark = segment(isFocused ? `${painter.glyph('choice')} ` : MARGIN, 'accent', true);
  const left = [mark, segment(`${shown}${MARGIN}`, isFocused ? 'text' : 'dim', isFocused), ...value];
  return [...above, right === undefined ? { left } : { left, right: [...right, segment(' ')] }];
}

/** Returns the indent of lines below a value: under the value if there is room, else further left. */
export function indentOf(view: FieldView): string {
  const wide = valueLeft(view);
  return ' '.repeat(view.columns - wide >= 40 ? wide : 2 * MARGIN.length);
}

/** Lines of the field as far as there is room: those first that matter most. */
export function fitBlock(first: readonly Line[], others: readonly (readonly Line[])[], most: number): Line[] {
  const lines = [...first];
  for (const more of others) lines.push(...more.slice(0, Math.max(0, most - lines.length)));
  return lines;
}

/** Paints the hints below a field. */
export function hintLines(
  text: string | null,
  view: FieldView,
  colour: 'dim' | 'warn' = 'dim',
  indent = indentOf(view),
): Line[] {
  if (text === null || text === '') return [];
  const lines = paragraph(brief(text), Math.max(1, view.columns - indent.length - 1), view.painter, {
    colour,
    most: 3,
  });
  return lines.map(({ left }) => ({ left: [segment(indent), ...left.slice(1)] }));
}
