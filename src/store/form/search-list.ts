import type Fuse from 'fuse.js/basic';

/** Searchable texts of an item, all foreign. */
interface Texts {
  /** Matched also with typing errors. */
  readonly names: readonly string[];
  /** Matched only as typed. */
  readonly description?: string | undefined;
}

/** The last search of a list. Lists are immutable: a changed list is a new one. */
interface Search {
  readonly texts: readonly Texts[];
  fuse: Fuse<Texts> | null;
  query: string;
  found: readonly number[];
}

/** Longer lists, such as all models of all providers, are searched without allowing for typing errors. */
const MAX_FUZZY_ITEMS = 300;
/** Share of a word that may be wrong: one letter of four. */
const FUZZY_THRESHOLD = 0.25;

/** Characters from the start of a name that count as much as a whole wrong word: only breaks ties. */
const FUZZY_DISTANCE = 10_000;

let FuseClass: typeof Fuse | null = null;

const searches = new WeakMap<readonly object[], Search>();

/** Loads the search for typing errors, which the first frame does without. Until then, lists are searched as typed. */
export async function loadFuzzySearch(): Promise<void> {
  FuseClass = (await import('fuse.js/basic')).default;
}

/**
 * Returns the indices of the items that match each word of a query: first names that start with the query, then items
 * that contain its words, then names that resemble them. Keeps the list's order within the first two.
 */
export function searchList<T extends object>(
  items: readonly T[],
  query: string,
  textsOf: (item: T) => Texts,
): readonly number[] {
  const asked = query.trim().toLowerCase();
  if (asked === '') return [...items.keys()];
  const search: Search = searches.get(items) ?? { texts: items.map(textsOf), fuse: null, query: '', found: [] };
  searches.set(items, search);
  if (search.query !== asked) {
    search.found = find(search, asked);
    search.query = asked;
  }
  return search.found;
}

function fuseOf(search: Search): Fuse<Texts> | null {
  if (FuseClass === null || search.texts.length > MAX_FUZZY_ITEMS) return null;
  search.fuse ??= new FuseClass(search.texts, {
    keys: ['names'],
    includeScore: true,
    threshold: FUZZY_THRESHOLD,
    distance: FUZZY_DISTANCE,
  });
  return search.fuse;
}

function find(search: Search, query: string): readonly number[] {
  const words = query.split(/\s+/);
  const starting: number[] = [];
  const containing: number[] = [];
  for (const [index, { names, description = '' }] of search.texts.entries()) {
    const text = [...names, description].join('\n').toLowerCase();
    if (names.some((name) => name.toLowerCase().startsWith(query))) starting.push(index);
    else if (words.every((word) => text.includes(word))) containing.push(index);
  }
  const exact = [...starting, ...containing];
  const listed = new Set(exact);
  const fuse = fuseOf(search);
  return [...exact, ...(fuse === null ? [] : resembling(fuse, words).filter((index) => !listed.has(index)))];
}

/** Returns the items that resemble every word, best first. */
function resembling(fuse: Fuse<Texts>, words: readonly string[]): readonly number[] {
  const [first = new Map<number, number>(), ...others] = words.map(
    (word) => new Map(fuse.search(word).map(({ refIndex, score = 1 }) => [refIndex, score])),
  );
  const sums = [...first].flatMap(([index, score]) =>
    others.every((scores) => scores.has(index))
      ? [{ index, sum: others.reduce((sum, scores) => sum + (scores.get(index) ?? 1), score) }]
      : [],
  );
  return sums.sort((a, b) => a.sum - b.sum || a.index - b.index).map(({ index }) => index);
}
