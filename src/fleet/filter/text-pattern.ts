import { matchesWildcard } from '../../lib/wildcard.ts';
import type { TextPattern } from './filter.ts';
import { foldText } from './fold.ts';

/** True if any of the texts fits any of the patterns. `null` is an unknown text, which fits none. */
export function fitsPattern(texts: readonly (string | null)[], patterns: readonly TextPattern[]): boolean {
  return texts.some((text) => {
    if (text === null) return false;
    const folded = foldText(text);
    return patterns.some(({ text: wanted, isGlob }) =>
      isGlob ? matchesWildcard(folded, wanted) : folded.includes(wanted),
    );
  });
}
