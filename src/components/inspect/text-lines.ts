import { printable } from '../../domain/printable.ts';
import type { ThemeColour } from '../../domain/theme.ts';
import { type Line, type Segment, segment } from '../paint/line.ts';
import { wrapLine } from './wrap-line.ts';

const LEAST_COLUMNS = 8;

/** A text from outside as printable lines, its own broken where they must be. The indentation that tabs make stays. */
export function printableLines(text: string, columns: number): string[] {
  return text
    .trimEnd()
    .split(/\r?\n/)
    .flatMap((line) => wrapLine(expanded(line), Math.max(LEAST_COLUMNS, columns)));
}

/** One line of a text from outside, printable, with blanks for its tabs. */
export function expanded(line: string): string {
  return printable(line.replaceAll('\t', '    '));
}

/** A text from outside behind an indentation. */
export function indentedLines(text: string, indent: number, columns: number, colour?: ThemeColour): Line[] {
  const blanks = segment(' '.repeat(indent));
  return printableLines(text, columns - indent).map((line): Line => ({ left: [blanks, segment(line, colour)] }));
}

/** Wraps a text with `head` before its first line and an indent for the others. */
export function hangingLines(head: readonly Segment[], indent: number, text: string, view: HangingView): Line[] {
  const texts = printableLines(text, view.columns - indent);
  return texts.map((line, index) => ({
    left: [...(index === 0 ? head : [segment(' '.repeat(indent))]), segment(line, view.colour)],
  }));
}

interface HangingView {
  readonly columns: number;
  readonly colour?: ThemeColour;
}
