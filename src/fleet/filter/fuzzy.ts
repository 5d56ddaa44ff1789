import uFuzzy from '@leeoniya/ufuzzy';

/** Made at the first search: its expressions take as long as a third of a frame. */
let made: uFuzzy | undefined;

/** Finds a word with one letter wrong, missing, added or swapped; letters of every script. */
const OPTIONS: uFuzzy.Options = {
  unicode: true,
  interSplit: "[^\\p{L}\\d']+",
  intraSplit: '\\p{Ll}\\p{Lu}',
  intraBound: '\\p{L}\\d|\\d\\p{L}|\\p{Ll}\\p{Lu}',
  intraChars: "[\\p{L}\\d']",
  intraContr: "'\\p{L}{1,2}\\b",
  intraMode: 1,
  // A wrong first letter is as common as any other.
  intraSlice: [0, Number.POSITIVE_INFINITY],
  intraIns: 1,
  intraSub: 1,
  intraTrn: 1,
  intraDel: 1,
};

/** Longer words are searched as they are: the expression for a word grows with the square of its length. */
const LONGEST_FUZZY_WORD = 100;

function fuzzy(): uFuzzy {
  made ??= new uFuzzy(OPTIONS);
  return made;
}

/** Phrases are searched as they are. */
function isFuzzy(word: string): boolean {
  return word.length <= LONGEST_FUZZY_WORD && /[\p{L}\d]/u.test(word) && !/\s/.test(word);
}

/**
 * Returns which of some texts (in lower case) hold every word, as it is or with a small mistake.
 * @param indices of the texts to look at
 */
export function filterTexts(
  texts: readonly string[],
  words: readonly string[],
  indices: readonly number[],
): readonly number[] {
  let found = indices;
  for (const word of words) {
    if (found.length === 0) break;
    found = isFuzzy(word)
      ? (fuzzy().filter(texts as string[], word, found as number[]) ?? [])
      : found.filter((index) => texts[index]?.includes(word));
  }
  return found;
}

/** True if a text (in lower case) holds every word, as it is or with a small mistake. */
export function holdsWords(text: string, words: readonly string[]): boolean {
  return filterTexts([text], words, [0]).length > 0;
}

type Ranges = readonly (readonly [number, number])[];
const NO_RANGES: Ranges = [];
/** By word and text: each frame asks for the same rows again, and compiling the expression for one takes longer than painting ten. */
const knownRanges = new Map<string, Ranges>();
/** Several screens of rows, for several words. */
const MOST_KNOWN = 2000;

/** Returns where a word is in a text (in lower case): `[start, end)` pairs in order. */
export function rangesOfWord(text: string, word: string): Ranges {
  const at = text.indexOf(word);
  if (at >= 0) return [[at, at + word.length]];
  if (!isFuzzy(word)) return NO_RANGES;
  const key = `${word}\n${text}`;
  const known = knownRanges.get(key);
  if (known !== undefined) return known;
  if (knownRanges.size >= MOST_KNOWN) knownRanges.clear();
  const found = findRangesOfWord(text, word);
  knownRanges.set(key, found);
  return found;
}

function findRangesOfWord(text: string, word: string): Ranges {
  const found = fuzzy().filter([text], word);
  if (found === null || found.length === 0) return NO_RANGES;
  const flat = fuzzy().info(found, [text], word).ranges[0] ?? [];
  const ranges: [number, number][] = [];
  for (let i = 0; i + 1 < flat.length; i += 2) ranges.push([flat[i] ?? 0, flat[i + 1] ?? 0]);
  return ranges;
}
