import { boundaryBefore, charactersOf, nextBoundary, previousBoundary } from './graphemes.ts';

const WORD = /^[\p{L}\p{N}_]/u;
const BLANK = /^\s/;

type Test = (character: string) => boolean;
const isWord: Test = (character) => WORD.test(character);
const isBetween: Test = (character) => !isWord(character);
const isBlank: Test = (character) => BLANK.test(character);
const isNotBlank: Test = (character) => !isBlank(character);

/** Returns the start of the word left of an index: letters, digits and `_`, as alt+b of a shell. */
export function wordStart(text: string, at: number): number {
  return backWhile(text, backWhile(text, at, isBetween), isWord);
}

/** Returns the end of the word right of an index, as alt+f of a shell. */
export function wordEnd(text: string, at: number): number {
  return forthWhile(text, forthWhile(text, at, isBetween), isWord);
}

/** Returns the start of the blank-separated word left of an index, as ctrl+w of a shell. */
export function blankStart(text: string, at: number): number {
  return backWhile(text, backWhile(text, at, isBlank), isNotBlank);
}

/** Chunk size for searches, in UTF-16 units: finding a character in one long text takes time in its length. */
const CHUNK_UNITS = 2048;

function backWhile(text: string, from: number, test: Test): number {
  let end = from;
  while (end > 0) {
    const start = Math.min(boundaryBefore(text, end - CHUNK_UNITS), previousBoundary(text, end));
    let at = end;
    for (const character of [...charactersOf(text.slice(start, end))].reverse()) {
      if (!test(character)) return at;
      at -= character.length;
    }
    end = start;
  }
  return end;
}

function forthWhile(text: string, from: number, test: Test): number {
  let at = from;
  while (at < text.length) {
    const end = Math.max(boundaryBefore(text, at + CHUNK_UNITS), nextBoundary(text, at));
    for (const character of charactersOf(text.slice(at, end))) {
      if (!test(character)) return at;
      at += character.length;
    }
  }
  return at;
}
