import { graphemesOf, textWidth } from '../../domain/text-width.ts';

/** Breaks a printable text into lines of at most `columns`, at blanks if there are any, else anywhere. Never empty. */
export function wrapText(text: string, columns: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/(?<= )/)) {
    if (textWidth(line + word.trimEnd()) <= columns) {
      line += word;
      continue;
    }
    if (line !== '') lines.push(line.trimEnd());
    line = '';
    for (const segment of graphemesOf(word.trimStart())) {
      if (textWidth(line + segment) > columns && line !== '') {
        lines.push(line);
        line = '';
      }
      line += segment;
    }
  }
  lines.push(line.trimEnd());
  return lines;
}
