/** Made when it is needed: it loads Unicode's tables. */
let made: Intl.Segmenter | undefined;
function segmenter(): Intl.Segmenter {
  made ??= new Intl.Segmenter(undefined, { granularity: 'grapheme' });
  return made;
}

/** Returns where the grapheme at `at` ends: the next cursor position, or the end of the text. Indices are UTF-16. */
export function nextBoundary(text: string, at: number): number {
  if (at >= text.length) return text.length;
  // Fast path for the most common text.
  if (isAscii(text, at) && (at + 1 === text.length || isAscii(text, at + 1))) return at + 1;
  const found = segmenter().segment(text).containing(at);
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
  return segmenter().segment(text).containing(at)?.index ?? at;
}

/** The first place for a cursor that is not before `at`. */
export function boundaryAfter(text: string, at: number): number {
  const before = boundaryBefore(text, at);
  return before >= at ? before : nextBoundary(text, before);
}

/** Yields the graphemes of a text lazily. */
export function* charactersOf(text: string): Generator<string> {
  for (const { segment } of segmenter().segment(text)) yield segment;
}

/** True if the character is ASCII that never joins others. */
function isAscii(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code >= 0x20 && code < 0x7f;
}
