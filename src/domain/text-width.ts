import { exactWidth } from './exact-width.ts';

/** Characters of one column: Latin, Greek and Cyrillic letters, and symbols. Combining characters and variation selectors are excluded. */
const NARROW =
  '\\u0020-\\u007e\\u00a0-\\u00ac\\u00ae-\\u02ff\\u0370-\\u0377\\u037a-\\u0482' +
  '\\u2010-\\u2029\\u202f-\\u205f\\u2070-\\u20cf\\u20f1-\\u2319\\u231c-\\u2328\\u232b-\\u23e8\\u23ed-\\u23ef\\u23f1-\\u23f2\\u23f4-\\u25fc\\u25ff-\\u2613' +
  '\\u2616-\\u262f\\u2638-\\u2647\\u2654-\\u267e\\u2680-\\u2689\\u2690-\\u2692\\u2694-\\u26a0\\u26a2-\\u26a9\\u26ac-\\u26bc\\u26bf-\\u26c3\\u26c6-\\u26cd\\u26cf-\\u26d3\\u26d5-\\u26e9\\u26eb-\\u26f1\\u26f6-\\u26f9\\u26fe-\\u2704\\u2706-\\u2709\\u270c-\\u2727\\u2729-\\u274b\\u274f-\\u2752\\u2758-\\u2794\\u2798-\\u27af\\u27b1-\\u27be\\u27c0-\\u2b1a\\u2b1d-\\u2b4f\\u2b51-\\u2b54';
/** Emoji of themes, each two columns wide and two UTF-16 units long: sleep, and coloured circles and squares. */
const WIDE = '\\ud83d[\\udca4\\udd34-\\udd3b\\udfe0-\\udfeb]';
/** Text without a look into Unicode's tables, whose loading takes as long as a frame. */
const ALL_NARROW = new RegExp(`^[${NARROW}]*$`);
const AS_WIDE_AS_LONG = new RegExp(`^(?:[${NARROW}]|${WIDE})*$`);
let segmenter: Intl.Segmenter | undefined;

/** Splits text into user-perceived characters. */
export function graphemesOf(text: string): string[] {
  segmenter ??= new Intl.Segmenter(undefined, { granularity: 'grapheme' });
  return [...segmenter.segment(text)].map(({ segment }) => segment);
}

/** Columns that a terminal gives to a printable text. */
export function textWidth(text: string): number {
  return AS_WIDE_AS_LONG.test(text) ? text.length : exactWidth(text);
}

/** Cuts a printable text to at most `columns`, ending with `ellipsis` (one column) if anything was cut. */
export function truncateText(text: string, columns: number, ellipsis: string): string {
  if (columns <= 0) return '';
  if (textWidth(text) <= columns) return text;
  if (ALL_NARROW.test(text)) return text.slice(0, columns - 1) + ellipsis;
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
