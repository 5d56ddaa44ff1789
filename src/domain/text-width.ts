import stringWidth from 'string-width';

const ASCII = /^[\u0020-\u007e]*$/;
const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** Splits text into user-perceived characters. */
export function graphemesOf(text: string): string[] {
  return [...segmenter.segment(text)].map(({ segment }) => segment);
}

/** Columns that a terminal gives to a printable text. */
export function textWidth(text: string): number {
  return ASCII.test(text) ? text.length : stringWidth(text);
}

/** Cuts a printable text to at most `columns`, ending with `ellipsis` (one column) if anything was cut. */
export function truncateText(text: string, columns: number, ellipsis: string): string {
  if (columns <= 0) return '';
  if (textWidth(text) <= columns) return text;
  if (ASCII.test(text)) return text.slice(0, columns - 1) + ellipsis;
  let width = 0;
  let kept = '';
  for (const segment of graphemesOf(text)) {
    const next = width + textWidth(segment);
    if (next > columns - 1) break;
    kept += segment;
    width = next;
  }
  return kept + ellipsis;
}

/** Cuts or fills a printable text to exactly `columns`. */
export function fitText(text: string, columns: number, ellipsis: string): string {
  const cut = truncateText(text, columns, ellipsis);
  return cut + ' '.repeat(Math.max(0, columns - textWidth(cut)));
}
