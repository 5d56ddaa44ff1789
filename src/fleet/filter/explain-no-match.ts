import type { Filter } from './filter.ts';
import { parseFilter } from './parse-filter.ts';
import { splitTokens } from './tokens.ts';

/** A filter without one of its terms or words. */
export interface ShorterFilter {
  /** Names what is left out: `host:`, or the word as typed. */
  readonly without: string;
  readonly filter: Filter;
}

/** The term to leave out of a filter that matches nothing, and how many match then. `without` contains text as typed. */
export interface NoMatch {
  readonly without: string;
  readonly matches: number;
}

/** More terms are not explained: each takes a search of its own. */
const MAX_TERMS = 8;

/** Returns the filters that lack one term of a filter. None for a single term, and for more than `MAX_TERMS`. */
export function shorterFilters({ text }: Filter): readonly ShorterFilter[] {
  const tokens = splitTokens(text);
  if (tokens.length < 2 || tokens.length > MAX_TERMS) return [];
  return tokens.map(({ from, to, field }) => ({
    without: text.slice(from, field === null ? to : field.to + 1),
    filter: parseFilter(`${text.slice(0, from)} ${text.slice(to)}`),
  }));
}

/** Returns the term without which most match, the first of several; `null` if leaving out one does not help. */
export function explainNoMatch(shorter: readonly ShorterFilter[], count: (filter: Filter) => number): NoMatch | null {
  let best: NoMatch | null = null;
  for (const { without, filter } of shorter) {
    const matches = count(filter);
    if (matches > (best?.matches ?? 0)) best = { without, matches };
  }
  return best;
}
