import { exactWidth } from './exact-width.ts';

/**
 * Characters of one column that nothing joins or widens: Latin, Greek and Cyrillic letters, punctuation, arrows, boxes, blocks, dingbats and braille,
 * less those that may be emoji. They need no look into Unicode's tables, whose loading takes as long as a frame.
 */
const NARROW =
  /^[\u0020-\u007e\u00a0-\u00a8\u00aa-\u00ac\u00af-\u02ff\u0370-\u0377\u037a-\u0482\u2010-\u2027\u2030-\u203b\u2190-\u2193\u2219-\u2319\u2500-\u25a9\u25c1-\u25fa\u2669-\u267a\u2765-\u2794\u2800-\u28ff]*$/;
let segmenter: Intl.Segmenter | undefined;

/** Splits text into user-perceived characters. */
export function graphemesOf(text: string): string[] {
  segmenter ??= new Intl.Segmenter(undefined, { granularity: 'grapheme' });
  return [...segmenter.segment(text)].map(({ segment }) => segment);
}

/** Columns that a terminal gives to a printable text. */
export function textWidth(text: string): number {
  return NARROW.test(text) ? text.length : exactWidth(text);
}

/** Cuts a printable text to at most `columns`, ending with `ellipsis` (one column) if anything was cut. */
export function truncateText(text: string, columns: number, ellipsis: string): string {
  if (columns <= 0) return '';
  if (textWidth(text) <= columns) return text;
  if (NARROW.test(text)) return text.slice(0, columns - 1) + ellipsis;
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
