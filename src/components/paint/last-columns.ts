import { textWidth } from '../../domain/text-width.ts';

/** The end of a printable text that fits into `columns`, without a sign that anything was cut. */
export function lastColumns(text: string, columns: number): string {
  const characters = [...text];
  let width = 0;
  let at = characters.length;
  while (at > 0) {
    width += textWidth(characters[at - 1] ?? '');
    if (width > columns) break;
    at -= 1;
  }
  return characters.slice(at).join('');
}
