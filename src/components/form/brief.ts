import { boundaryBefore } from '../../store/form/graphemes.ts';

/** More than three lines of any screen, in UTF-16 units. */
const MAX_CHARS = 1000;

/**
 * Returns the start of a foreign text that is shown in a few lines: a remote may send long texts, and each key repaints
 * them.
 */
export function brief(text: string): string {
  return text.length <= MAX_CHARS ? text : text.slice(0, boundaryBefore(text, MAX_CHARS));
}
