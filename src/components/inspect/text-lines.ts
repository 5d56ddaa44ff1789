import { printable } from '../../domain/printable.ts';
import { graphemesOf, textWidth } from '../../domain/text-width.ts';
import type { ThemeColour } from '../../domain/theme.ts';
import { type Line, type Segment, segment } from '../paint/line.ts';
import type { Painter } from '../paint/painter.ts';

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

const ASCII = /^[\u0020-\u007e]*$/;

/**
 * Breaks a printable line as `wrapText` does: at blanks if there are any, else anywhere. Linear in the length, since
 * transcripts are megabytes. Never empty.
 */
export function wrapLine(text: string, columns: number): string[] {
  if (text.length <= columns && ASCII.test(text)) return [text.trimEnd()];
  // One column a character, or the characters and their widths.
  const graphemes = ASCII.test(text) ? null : graphemesOf(text);
  return graphemes === null ? wrapAscii(text, columns) : wrapGraphemes(graphemes, columns);
}

function wrapAscii(text: string, columns: number): string[] {
  const lines: string[] = [];
  let from = 0;
  while (text.length - from > columns) {
    // Searched in a slice: without blanks, the whole text before would be searched.
    const blank = text.slice(from, from + columns + 1).lastIndexOf(' ');
    const line = blank > 0 ? text.slice(from, from + blank).trimEnd() : '';
    if (line === '') {
      lines.push(text.slice(from, from + columns));
      from += columns;
    } else {
      lines.push(line);
      from += blank + 1;
    }
  }
  lines.push(text.slice(from).trimEnd());
  return lines;
}

function wrapGraphemes(graphemes: readonly string[], columns: number): string[] {
  const lines: string[] = [];
  let line = '';
  let width = 0;
  /** The text after the last blank of the line, with its width; `null` if only blanks precede it. */
  let word: { text: string; width: number } | null = null;
  for (const grapheme of graphemes) {
    const size = textWidth(grapheme);
    const isBlank = grapheme === ' ';
    if (width + size > columns && line !== '') {
      const rest: { text: string; width: number } = isBlank || word === null ? { text: '', width: 0 } : word;
      lines.push(line.slice(0, line.length - rest.text.length).trimEnd());
      line = rest.text;
      width = rest.width;
      word = null;
      if (isBlank) continue;
    }
    line += grapheme;
    width += size;
    if (isBlank) word = line.trim() === '' ? null : { text: '', width: 0 };
    else if (word !== null) word = { text: word.text + grapheme, width: word.width + size };
  }
  lines.push(line.trimEnd());
  return lines;
}

/** The context in which lines are composed. */
export interface LineView {
  readonly painter: Painter;
  /** Columns that a line may take. */
  readonly width: number;
  /** Tool calls or diffs are shown in full. */
  readonly unfolded: boolean;
}

/** Caches the lines of an item for each context. Items are immutable: a changed item is a new one. */
export function cachedLines<Item extends object>(
  compose: (item: Item, view: LineView) => readonly Line[],
): (item: Item, view: LineView) => readonly Line[] {
  const known = new WeakMap<Item, LineView & { readonly lines: readonly Line[] }>();
  return (item, view) => {
    const last = known.get(item);
    if (last?.painter === view.painter && last.width === view.width && last.unfolded === view.unfolded)
      return last.lines;
    const { painter, width, unfolded } = view;
    const lines = compose(item, view);
    known.set(item, { painter, width, unfolded, lines });
    return lines;
  };
}
