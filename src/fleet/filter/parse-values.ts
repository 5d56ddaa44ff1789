import { nearestWord } from '../../domain/nearest.ts';
import { parseDuration } from '../../lib/duration.ts';
import { type AmountField, FIELDS, type FieldName, FLAGS, PARTS } from './fields.ts';
import type { Bound, FilterProblem, FilterTest, Operator } from './filter.ts';
import { foldText } from './fold.ts';
import { STATE_WORDS, statesNamed } from './state-words.ts';
import type { Item } from './tokens.ts';

const AMOUNT = /^(<=|>=|<|>|=)?(.*)$/s;
const NUMBER = /^\$?(\d+(?:\.\d*)?|\.\d+)([km])?$/i;
const LONG_TIME = /^(\d+(?:\.\d+)?)([wy])$/;
const FACTORS: ReadonlyMap<string, number> = new Map([
  ['k', 1000],
  ['m', 1_000_000],
]);
const DAY_MS = 86_400_000;

/** Values of a field as a test; the problems instead if one of them cannot be understood. */
export type ParsedValues = { readonly test: FilterTest } | { readonly problems: readonly FilterProblem[] };

/** Parses the values of a field, of which there is at least one. */
export function parseValues(field: FieldName, items: readonly Item[]): ParsedValues {
  switch (field) {
    case 'state':
      return parseEach(
        items,
        stateProblem,
        (word) => statesNamed(word),
        (states) => ({
          kind: 'state',
          states: new Set(states.flat()),
        }),
      );
    case 'has':
      return parseEach(items, choiceProblem(field, PARTS), named(PARTS), (parts) => ({ kind: 'has', parts }));
    case 'is':
      return parseEach(items, choiceProblem(field, FLAGS), named(FLAGS), (flags) => ({ kind: 'is', flags }));
    case 'age':
    case 'cost':
    case 'tokens':
    case 'messages':
      return parseEach(
        items,
        () => needs(field),
        (text) => parseBound(field, text),
        (bounds) => ({
          kind: 'amount',
          field,
          bounds,
        }),
      );
    default:
      return { test: { kind: 'name', field, patterns: items.map(patternOf) } };
  }
}

/** Returns the problem of a field without a value, or with one that it does not take: `cost: needs a number, such as >1`. */
export function needs(field: FieldName): string {
  return `${field}: needs ${FIELDS[field].needs}`;
}

/** Parses a limit such as `>1`, `<=100k` or `2h`; `null` for anything else. */
export function parseBound(field: AmountField, text: string): Bound | null {
  const [, operator, rest = ''] = AMOUNT.exec(text) ?? [];
  const amount = field === 'age' ? parseAge(rest) : parseNumber(rest);
  return amount === null ? null : { operator: operatorOf(operator) ?? (field === 'age' ? '<=' : '>='), amount };
}

function operatorOf(text: string | undefined): Operator | null {
  return text === '<' || text === '<=' || text === '>' || text === '>=' || text === '=' ? text : null;
}

function parseNumber(text: string): number | null {
  const [, digits, unit = ''] = NUMBER.exec(text) ?? [];
  return digits === undefined ? null : Number(digits) * (FACTORS.get(unit.toLowerCase()) ?? 1);
}

/** Takes weeks and years too, since ages are shown in them. Returns milliseconds. */
function parseAge(text: string): number | null {
  const lower = text.toLowerCase();
  const [, digits, unit] = LONG_TIME.exec(lower) ?? [];
  return digits === undefined ? parseDuration(lower) : Number(digits) * (unit === 'w' ? 7 : 365) * DAY_MS;
}

function patternOf({ text, isQuoted }: Item) {
  return { text: foldText(text), isGlob: !isQuoted && /[*?]/.test(text) };
}

const named =
  <Name extends string>(names: readonly Name[]) =>
  (text: string): Name | null =>
    names.find((name) => name === text.toLowerCase()) ?? null;

function stateProblem(word: string): string {
  return `no state "${word}"; ${hint(word, STATE_WORDS) ?? 'try waiting, working or done'}`;
}

const choiceProblem = (field: 'has' | 'is', known: readonly string[]) => (word: string) =>
  `no ${field}:${word}; ${hint(word, known) ?? `try ${known.join(', ')}`}`;

function hint(word: string, known: readonly string[]): string | null {
  const near = nearestWord(word, known);
  return near === null ? null : `did you mean ${near}?`;
}

/** Parses every value, and makes a test of the results. An empty list or `null` is a problem. */
function parseEach<Value>(
  items: readonly Item[],
  describe: (text: string) => string,
  parse: (text: string) => Value | null,
  make: (values: readonly Value[]) => FilterTest,
): ParsedValues {
  const values: Value[] = [];
  const problems: FilterProblem[] = [];
  for (const { from, to, text } of items) {
    const value = parse(text);
    if (value === null || (Array.isArray(value) && value.length === 0))
      problems.push({ from, to, message: describe(text) });
    else values.push(value);
  }
  return problems.length > 0 ? { problems } : { test: make(values) };
}
