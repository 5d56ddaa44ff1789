export interface JsonProblem {
  /** Index of the first character that cannot stand there: the text's length if it ends too early. */
  readonly at: number;
  readonly expected: string;
}

/** Where the reader is; each also says what may come there. */
type Place = 'value' | 'value or ]' | 'name' | 'name or }' | ':' | 'comma' | 'end';

const EXPECTED: Readonly<Record<Place, string>> = {
  value: 'a value',
  'value or ]': 'a value or "]"',
  name: 'a name in quotes',
  'name or }': 'a name in quotes or "}"',
  ':': '":"',
  comma: '"," or the closing bracket',
  end: 'nothing more',
};

const SPACE = /[ \t\n\r]*/y;
const SCALAR = /true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const PLAIN = /[^"\\\u0000-\u001f]*/y;
const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;

/**
 * Returns the first problem of a JSON text, `null` if it is valid. JSON.parse names the place of some problems only, and
 * in words that change with Node's version.
 */
export function findJsonProblem(text: string): JsonProblem | null {
  const closers: ('}' | ']')[] = [];
  let place: Place = 'value';
  let at = 0;
  const afterValue = () => (closers.length === 0 ? 'end' : 'comma');
  for (;;) {
    at = endOf(SPACE, text, at);
    const char = text[at];
    if (char === undefined && place === 'end') return null;
    const closer = closers.at(-1);
    const mayClose = place === 'comma' || place === 'value or ]' || place === 'name or }';
    if (mayClose && char !== undefined && char === closer) {
      closers.pop();
      place = afterValue();
      at += 1;
    } else if (place === 'comma' && char === ',') {
      place = closer === '}' ? 'name' : 'value';
      at += 1;
    } else if (place === ':' && char === ':') {
      place = 'value';
      at += 1;
    } else if (char === '"' && place !== 'comma' && place !== ':' && place !== 'end') {
      const end = endOfString(text, at);
      if (typeof end !== 'number') return end;
      place = place.startsWith('name') ? ':' : afterValue();
      at = end;
    } else if ((char === '{' || char === '[') && place.startsWith('value')) {
      closers.push(char === '{' ? '}' : ']');
      place = char === '{' ? 'name or }' : 'value or ]';
      at += 1;
    } else {
      const end = place.startsWith('value') ? endOf(SCALAR, text, at) : at;
      if (end === at) return { at, expected: EXPECTED[place] };
      place = afterValue();
      at = end;
    }
  }
}

function endOfString(text: string, start: number): number | JsonProblem {
  let at = start + 1;
  for (;;) {
    at = endOf(PLAIN, text, at);
    if (text[at] === '"') return at + 1;
    if (text[at] !== '\\') return { at, expected: 'the rest of a text in quotes' };
    const end = endOf(ESCAPE, text, at);
    if (end === at) return { at, expected: 'an escape such as "\\n"' };
    at = end;
  }
}

function endOf(pattern: RegExp, text: string, from: number): number {
  pattern.lastIndex = from;
  return pattern.test(text) ? pattern.lastIndex : from;
}
