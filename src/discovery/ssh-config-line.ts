/** A line of an ssh config that is neither empty nor a comment. */
export interface ConfigLine {
  /** In lower case. */
  readonly keyword: string;
  /** The text after it, as written. */
  readonly rest: string;
}

/** Blanks as OpenSSH counts them (WHITESPACE in misc.c). */
const BLANKS = ' \t\r\n';
/** A blank, a quote or the one `=` that may stand between a keyword and its value. */
const DELIMITER = /[ \t\r\n"=]/;

/**
 * Reads one line as OpenSSH's readconf.c does: `keyword value`, `keyword=value` or `"keyword" value`. Empty lines, comments and keywords without
 * a value, which ssh refuses, are `null`. C ends a text at NUL, and so does this.
 */
export function parseConfigLine(line: string): ConfigLine | null {
  const text = dropTrailingBlanks(line.split('\0', 1)[0] ?? '');
  let taken = takeWord(text);
  // Blanks before the keyword give an empty word first.
  if (taken?.word === '' && taken.rest !== null) taken = takeWord(taken.rest);
  if (taken === null || taken.word === '' || taken.word.startsWith('#')) return null;
  const rest = skipBlanks(taken.rest ?? '');
  return rest === '' ? null : { keyword: taken.word.toLowerCase(), rest };
}

/**
 * Splits a value into words as argv_split() of OpenSSH's misc.c does: single and double quotes, backslashes before quotes, blanks and themselves, a
 * comment at the end. `null` when a quote is not closed, where ssh gives up.
 */
export function splitWords(text: string): string[] | null {
  const words: string[] = [];
  let word: string | null = null;
  let quote = '';
  for (let at = 0; at < text.length; at++) {
    const char = text.charAt(at);
    const next = text.charAt(at + 1);
    const blank = char === ' ' || char === '\t';
    if (word === null && blank) continue;
    if (word === null && char === '#') break;
    word ??= '';
    if (char === '\\' && (/['"\\]/.test(next) || (quote === '' && next === ' '))) {
      word += next;
      at += 1;
    } else if (quote === '' && blank) {
      words.push(word);
      word = null;
    } else if (quote === '' && (char === '"' || char === "'")) quote = char;
    else if (quote !== '' && char === quote) quote = '';
    else word += char;
  }
  if (quote !== '') return null;
  return word === null ? words : [...words, word];
}

/** Criteria that stand alone; all others have a value. */
const BARE_CRITERIA: ReadonlySet<string> = new Set(['all', 'canonical', 'final']);

/** One criterion of a `Match` line. */
export interface MatchCriterion {
  /** In lower case. */
  readonly name: string;
  readonly negated: boolean;
  /** Empty for a criterion without a value. */
  readonly value: string;
}

/** Parses the value of a `Match` line, up to a comment or the point where ssh would give up. */
export function parseMatchLine(rest: string): MatchCriterion[] {
  const criteria: MatchCriterion[] = [];
  for (let taken = takeWord(rest); taken !== null && taken.word !== ''; taken = takeWord(taken.rest)) {
    if (taken.word.startsWith('#')) break;
    const negated = taken.word.startsWith('!');
    const name = taken.word.replace(/^!/, '').toLowerCase();
    const value = BARE_CRITERIA.has(name) ? null : takeWord(taken.rest);
    criteria.push({ name, negated, value: value?.word ?? '' });
    if (BARE_CRITERIA.has(name)) continue;
    if (value === null) break;
    taken = value;
  }
  return criteria;
}

interface Taken {
  readonly word: string;
  /** `null` at the end of the text. */
  readonly rest: string | null;
}

/** The first word, as strdelim() of OpenSSH's misc.c cuts it; `null` at the end and for a quote that is not closed. */
function takeWord(text: string | null): Taken | null {
  if (text === null) return null;
  const at = text.search(DELIMITER);
  if (at < 0) return { word: text, rest: null };
  if (text[at] === '"') {
    const end = text.indexOf('"', at + 1);
    // Text before the quote belongs to the word.
    return end < 0
      ? null
      : { word: text.slice(0, at) + text.slice(at + 1, end), rest: skipBlanks(text.slice(end + 1)) };
  }
  const rest = skipBlanks(text.slice(at + 1));
  const equals = text[at] !== '=' && rest.startsWith('=');
  return { word: text.slice(0, at), rest: equals ? skipBlanks(rest.slice(1)) : rest };
}

/** A form feed counts as a blank at the end of a line only. A loop, since a regular expression takes quadratic time on many blanks. */
function dropTrailingBlanks(text: string): string {
  let end = text.length;
  while (end > 0 && `${BLANKS}\f`.includes(text.charAt(end - 1))) end -= 1;
  return text.slice(0, end);
}

function skipBlanks(text: string): string {
  let at = 0;
  while (at < text.length && BLANKS.includes(text.charAt(at))) at += 1;
  return text.slice(at);
}
