import type { Cell } from './cell.ts';
import type { Paper } from './svg.ts';

/** Neighbouring cells of one look that can be drawn together. */
export interface Run {
  readonly column: number;
  readonly columns: number;
  readonly text: string;
  readonly colour: string;
  readonly background: string;
  readonly bold: boolean;
  readonly italic: boolean;
  readonly underline: boolean;
  /** True if all its cells hold the same character. */
  readonly isRepeated: boolean;
}

/** Characters that every monospace font gives one cell, so that many of them keep their places together. */
const PLAIN = /^[\u0020-\u007e\u00a1-\u00ff]$/;
/** Blanks that end a run: to skip them costs less than to write them. */
const GAP = 3;

/** Splits a row into runs: plain text, repetitions of one other character, and single characters such as emoji. */
export function runsOf(cells: readonly Cell[], paper: Paper): Run[] {
  const runs: Run[] = [];
  for (const [column, cell] of cells.entries()) {
    if (cell.width === 0) continue;
    const next = runOf(cell, column, paper);
    const last = runs.at(-1);
    if (last !== undefined && joins(last, next)) runs[runs.length - 1] = joined(last, next);
    else runs.push(next);
  }
  return runs;
}

function runOf(cell: Cell, column: number, paper: Paper): Run {
  const [front, back] = [cell.foreground ?? paper.foreground, cell.background ?? paper.background];
  const { bold, italic, underline, width: columns } = cell;
  const text = cell.text === '' ? ' ' : cell.text;
  const [colour, background] = cell.inverse ? [back, front] : [front, back];
  return { column, columns, text, colour, background, bold, italic, underline, isRepeated: true };
}

function joins(last: Run, next: Run): boolean {
  if (last.background !== next.background || last.underline !== next.underline) return false;
  // The colour of a blank is not seen, unless a line is drawn below it.
  const isBlank = next.text === ' ' && !next.underline;
  const isSame = isBlank || (last.colour === next.colour && last.bold === next.bold && last.italic === next.italic);
  if (!isSame) return false;
  if (last.isRepeated && last.text[0] === next.text && next.columns === 1) return true;
  const lastCharacter = last.text.at(-1) ?? '';
  if (!PLAIN.test(lastCharacter) || !PLAIN.test(next.text)) return false;
  // A run of blanks stays by itself, and text ends at a gap.
  const isAllBlank = last.text.trim() === '';
  return isAllBlank ? next.text === ' ' : next.text === ' ' || !last.text.endsWith(' '.repeat(GAP));
}

function joined(last: Run, next: Run): Run {
  return {
    ...last,
    columns: last.columns + next.columns,
    text: last.text + next.text,
    isRepeated: last.isRepeated && last.text[0] === next.text,
  };
}
