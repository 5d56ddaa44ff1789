import { charactersOf } from './graphemes.ts';
import { shownCharacter, shownColumns } from './shown.ts';

/** Returns where the line at an index begins. */
export function lineStart(text: string, at: number): number {
  return at <= 0 ? 0 : text.lastIndexOf('\n', at - 1) + 1;
}

/** Returns where that line ends: at its break, or at the end of the text. */
export function lineEnd(text: string, at: number): number {
  const found = text.indexOf('\n', at);
  if (found < 0) return text.length;
  // The two are one character.
  return found > at && text[found - 1] === '\r' ? found - 1 : found;
}

/**
 * Moves the cursor by a number of lines (up if negative), in the same column if possible. Stops at the ends of the
 * first and last line.
 */
export function linesAway(
  { text, cursor, goal }: { readonly text: string; readonly cursor: number; readonly goal: number | null },
  lines: number,
): { cursor: number; goal: number | null } {
  const from = lineStart(text, cursor);
  const step = lines < 0 ? lineAbove : lineBelow;
  let start = from;
  for (let left = Math.abs(lines); left > 0; left -= 1) start = step(text, start) ?? start;
  if (start === from) return { cursor: lines < 0 ? 0 : text.length, goal: null };
  const column = goal ?? shownColumns(text.slice(from, cursor), true);
  return { cursor: atColumn(text, start, column), goal: column };
}

function lineAbove(text: string, start: number): number | null {
  return start === 0 ? null : lineStart(text, start - 1);
}

function lineBelow(text: string, start: number): number | null {
  const found = text.indexOf('\n', start);
  return found < 0 ? null : found + 1;
}

/** The last place on a line that is not right of a column. */
function atColumn(text: string, start: number, column: number): number {
  let at = start;
  let width = 0;
  for (const character of charactersOf(text.slice(start, lineEnd(text, start)))) {
    width += shownCharacter(character, true).columns;
    if (width > column) break;
    at += character.length;
  }
  return at;
}
