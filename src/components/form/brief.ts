import { boundaryBefore } from '../../store/form/graphemes.ts';

/** More than three lines of any screen, in UTF-16 units. */
const LONGEST = 1000;

/** The start of a foreign text of which a few lines are shown at most: what a remote sends may be long, and each key paints it anew. */
export function brief(text: string): string {
  return text.length <= LONGEST ? text : text.slice(0, boundaryBefore(text, LONGEST));
}
