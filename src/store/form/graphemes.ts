const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** Where the character that a reader sees at `at` ends: the next place for a cursor, or the end of the text. Indices are of UTF-16. */
export function nextBoundary(text: string, at: number): number {
  if (at >= text.length) return text.length;
  // Spares the search in what most texts are made of.
  if (isAscii(text, at) && (at + 1 === text.length || isAscii(text, at + 1))) return at + 1;
  const found = segmenter.segment(text).containing(at);
  return found === undefined ? text.length : found.index + found.segment.length;
}

/** The place for a cursor before `at`, or 0. */
export function previousBoundary(text: string, at: number): number {
  return at <= 0 ? 0 : boundaryBefore(text, Math.min(at, text.length) - 1);
}

/** The last place for a cursor that is not after `at`. */
export function boundaryBefore(text: string, at: number): number {
  if (at >= text.length) return text.length;
  if (at <= 0) return 0;
  if (isAscii(text, at) && isAscii(text, at - 1)) return at;
  return segmenter.segment(text).containing(at)?.index ?? at;
}

/** The first place for a cursor that is not before `at`. */
export function boundaryAfter(text: string, at: number): number {
  const before = boundaryBefore(text, at);
  return before >= at ? before : nextBoundary(text, before);
}

/** What a reader takes for one character each, as they are needed. */
export function* charactersOf(text: string): Generator<string> {
  for (const { segment } of segmenter.segment(text)) yield segment;
}

/** Is there an ASCII character that never joins others? */
function isAscii(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code >= 0x20 && code < 0x7f;
}
