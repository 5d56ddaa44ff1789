import type { Filter, FilterProblem, FilterTerm, FilterTest } from './filter.ts';
import { foldText } from './fold.ts';
import { needs, parseValues } from './parse-values.ts';
import { splitTokens, type Token } from './tokens.ts';

/** The one word that is a term: `archived` is short for `is:archived`. In quotes it is a word like any other. */
const ARCHIVED = 'archived';

/**
 * Parses a filter. Terms are separated by blanks, and all must hold:
 *
 *     word            fuzzy, in title, id, folders and host
 *     "two words"     exactly these
 *     field:value     see `FIELDS`; `,` between values means or, and `*` and `?` fit any text
 *     !term           not this one; a word is then taken exactly
 *     archived        short for is:archived
 *
 * A name before a colon that resembles no field is part of a plain word, such as `http://x`. Accepts every text.
 */
export function parseFilter(text: string): Filter {
  const words: string[] = [];
  const terms: FilterTerm[] = [];
  const problems: FilterProblem[] = [];
  for (const token of splitTokens(text)) {
    const { from, to, inverse } = token;
    const read = token.field === null ? readWord(token) : readField(token);
    if (typeof read === 'string') words.push(read);
    else if ('problems' in read) problems.push(...read.problems);
    else if (read.test !== null) terms.push({ from, to, inverse, test: read.test });
  }
  return { text, words, terms, problems };
}

type Read = string | { readonly test: FilterTest | null } | { readonly problems: readonly FilterProblem[] };

function readWord({ inverse, items: [item] }: Token): Read {
  const text = foldText(item.text);
  if (item.isQuoted) return { test: text.trim() === '' ? null : { kind: 'text', text } };
  if (text === ARCHIVED) return { test: { kind: 'is', flags: [ARCHIVED] } };
  return inverse ? { test: { kind: 'text', text } } : text;
}

function readField({ from, to, field, items }: Token): Read {
  if (field === null) return { test: null };
  if (field.field === null) {
    const message = `no field "${field.name}"; did you mean ${field.near}?`;
    return { problems: [{ from: field.from, to: field.to, message }] };
  }
  const values = items.filter(({ text }) => text.trim() !== '');
  return values.length === 0
    ? { problems: [{ from, to, message: needs(field.field) }] }
    : parseValues(field.field, values);
}
