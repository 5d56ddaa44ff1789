import { type FieldName, fieldNamed, nearestField } from './fields.ts';

/** A word, a quoted phrase or a field with its values. Offsets are UTF-16 units of the whole text. */
export interface Token {
  readonly from: number;
  readonly to: number;
  /** Begins with `!`. */
  readonly inverse: boolean;
  readonly field: NamedField | null;
  /** The values of the field; one for a word or a phrase. */
  readonly items: readonly [Item, ...Item[]];
}

/** The name before a colon. `field` is `null` for a misspelt one, `near` the one that was probably meant. */
export interface NamedField {
  readonly name: string;
  readonly field: FieldName | null;
  readonly near: FieldName;
  readonly from: number;
  /** Offset of the colon. */
  readonly to: number;
}

/** A value. Its offsets include its quotes. */
export interface Item {
  readonly from: number;
  readonly to: number;
  readonly text: string;
  readonly isQuoted: boolean;
}

const NAME = /[a-z]+(?=:)/iy;
const BLANKS = /\s*/y;
const WORD = /\S*/y;

/** Splits a filter at its blanks, except within quotes. An unclosed quote reaches to the end, as while it is typed. */
export function splitTokens(text: string): Token[] {
  const tokens: Token[] = [];
  for (let from = endOf(BLANKS, text, 0); from < text.length; from = endOf(BLANKS, text, from)) {
    const token = readToken(text, from);
    tokens.push(token);
    from = token.to;
  }
  return tokens;
}

function readToken(text: string, from: number): Token {
  const inverse = text[from] === '!' && endOf(WORD, text, from) > from + 1;
  const start = inverse ? from + 1 : from;
  const phrase = readPhrase(text, start);
  if (phrase !== null) return { from, to: phrase.to, inverse, field: null, items: [phrase] };
  const field = readField(text, start);
  if (field === null) {
    const to = endOf(WORD, text, start);
    return { from, to, inverse, field, items: [{ from: start, to, text: text.slice(start, to), isQuoted: false }] };
  }
  const items = readItems(text, field.to + 1);
  return { from, to: (items.at(-1) ?? items[0]).to, inverse, field, items };
}

/** Reads `"two words"`. A quote with nothing behind it is a plain word. */
function readPhrase(text: string, from: number): Item | null {
  if (text[from] !== '"') return null;
  const end = text.indexOf('"', from + 1);
  const content = text.slice(from + 1, end < 0 ? undefined : end);
  if (end < 0 && content.trim() === '') return null;
  return { from, to: end < 0 ? text.length : end + 1, text: content, isQuoted: true };
}

function readField(text: string, from: number): NamedField | null {
  const to = endOf(NAME, text, from);
  if (to === from) return null;
  const name = text.slice(from, to);
  const field = fieldNamed(name);
  const near = field ?? nearestField(name);
  return near === null ? null : { name, field, near, from, to };
}

/** Reads values up to a blank, separated by commas. */
function readItems(text: string, from: number): [Item, ...Item[]] {
  const first = readItem(text, from);
  const items: [Item, ...Item[]] = [first];
  for (let last = first; text[last.to] === ','; ) {
    last = readItem(text, last.to + 1);
    items.push(last);
  }
  return items;
}

function readItem(text: string, from: number): Item {
  let [value, at, isQuoted] = ['', from, false];
  for (let sign = text[at]; sign !== undefined && sign !== ',' && !/\s/.test(sign); sign = text[at]) {
    if (sign === '"') {
      const end = text.indexOf('"', at + 1);
      value += text.slice(at + 1, end < 0 ? undefined : end);
      at = end < 0 ? text.length : end + 1;
      isQuoted = true;
    } else {
      value += sign;
      at += 1;
    }
  }
  return { from, to: at, text: value, isQuoted };
}

/** Returns where a sticky expression ends that begins at an offset; the offset itself if it does not match. */
function endOf(expression: RegExp, text: string, at: number): number {
  expression.lastIndex = at;
  return at + (expression.exec(text)?.[0].length ?? 0);
}
