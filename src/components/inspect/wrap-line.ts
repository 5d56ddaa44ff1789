import { graphemesOf, textWidth } from '../../domain/text-width.ts';

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
