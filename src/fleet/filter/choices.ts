import { nearestWord } from '../../domain/nearest.ts';
import { type AmountField, FIELD_NAMES, FIELDS, type FieldName, FLAGS, nearestField, PARTS } from './fields.ts';
import { parseBound } from './parse-values.ts';
import { STATE_NOTES, STATE_WORDS } from './state-words.ts';
import type { KnownValue, Vocabulary } from './vocabulary.ts';

/** A text to insert and an explanation. `insert` may come from a host. */
export interface Choice {
  readonly insert: string;
  readonly note: string;
}

const EXAMPLES: Readonly<Record<AmountField, readonly Choice[]>> = {
  age: [
    { insert: '<10m', note: 'in the last 10 minutes' },
    { insert: '<2h', note: 'in the last 2 hours' },
    { insert: '<1d', note: 'in the last day' },
    { insert: '>3d', note: 'longer than 3 days' },
    { insert: '>4w', note: 'longer than 4 weeks' },
  ],
  cost: [
    { insert: '>1', note: 'more than $1' },
    { insert: '>10', note: 'more than $10' },
    { insert: '<0.5', note: 'less than 50 cents' },
  ],
  tokens: [
    { insert: '>100k', note: 'more than 100,000' },
    { insert: '>1m', note: 'more than a million' },
    { insert: '<10k', note: 'less than 10,000' },
  ],
  messages: [
    { insert: '>20', note: 'more than 20' },
    { insert: '<5', note: 'less than 5' },
  ],
};

const PART_NOTES: ReadonlyMap<string, string> = new Map([
  ['permission', 'a pending permission'],
  ['question', 'a pending question'],
  ['error', 'a failed last turn'],
  ['changes', 'changed files'],
  ['cost', 'any cost'],
  ['subagents', 'sessions of subagents'],
  ['todo', 'a to-do list'],
]);

const FLAG_NOTES: ReadonlyMap<string, string> = new Map([
  ['live', 'its host sends events'],
  ['polled', 'its host is asked now and then'],
  ['archived', 'hidden'],
  ['snoozed', 'put off until later'],
  ['subagent', 'started by another session'],
]);

/** Letters of a plain word from which values are offered too. */
const SHORTEST_VALUE_PREFIX = 2;

/** Returns the fields that a name may become, with their colon. */
export function fieldChoices(typed: string): readonly Choice[] {
  const lower = typed.toLowerCase();
  const begun = FIELD_NAMES.filter((name) => name.startsWith(lower));
  const near = begun.length === 0 ? nearestField(lower) : null;
  return (near === null ? begun : [near]).map((name) => ({ insert: `${name}:`, note: FIELDS[name].note }));
}

/** Returns the terms that a plain word may become: fields first, then states and values of the fleet that begin with it. */
export function wordChoices(typed: string, vocabulary: Vocabulary): readonly Choice[] {
  const fields = fieldChoices(typed);
  if (typed.length < SHORTEST_VALUE_PREFIX) return fields;
  const lower = typed.toLowerCase();
  const values = (['state', 'host', 'group', 'agent', 'model', 'project'] as const).flatMap((field) =>
    offered(field, vocabulary)
      .filter(({ insert }) => insert.toLowerCase().startsWith(lower))
      .map(({ insert, note }) => ({ insert: `${field}:${quoted(insert)}`, note })),
  );
  return [...fields, ...values];
}

/** Returns the values that a typed one may become, those that begin with it first. */
export function valueChoices(field: FieldName, typed: string, vocabulary: Vocabulary): readonly Choice[] {
  const all = offered(field, vocabulary);
  const lower = typed.toLowerCase();
  const begun = all.filter(({ insert }) => insert.toLowerCase().startsWith(lower));
  const within = all.filter((choice) => !begun.includes(choice) && choice.insert.toLowerCase().includes(lower));
  const found = [...begun, ...within];
  const choices = found.length > 0 ? found : nearChoices(field, typed, all);
  return choices.map(({ insert, note }) => ({ insert: quoted(insert), note }));
}

/** A limit that cannot be read becomes an example with the same operator. */
function nearChoices(field: FieldName, typed: string, all: readonly Choice[]): readonly Choice[] {
  if (isAmount(field)) {
    if (parseBound(field, typed) !== null) return [];
    return [...all].sort((a, b) => Number(b.insert[0] === typed[0]) - Number(a.insert[0] === typed[0]));
  }
  const near = nearestWord(typed, field === 'state' ? STATE_WORDS : all.map(({ insert }) => insert));
  if (near !== null) return [all.find(({ insert }) => insert === near) ?? { insert: near, note: '' }];
  return field === 'state' || field === 'has' || field === 'is' ? all : [];
}

function isAmount(field: FieldName): field is AmountField {
  return Object.hasOwn(EXAMPLES, field);
}

/** Returns every value that can be offered for a field, best first. */
function offered(field: FieldName, vocabulary: Vocabulary): readonly Choice[] {
  switch (field) {
    case 'state':
      return [...STATE_NOTES].map(([insert, note]) => ({ insert, note }));
    case 'has':
      return PARTS.map((insert) => ({ insert, note: PART_NOTES.get(insert) ?? '' }));
    case 'is':
      return FLAGS.map((insert) => ({ insert, note: FLAG_NOTES.get(insert) ?? '' }));
    case 'host':
      return vocabulary.hosts.flatMap(choiceOf);
    case 'group':
      return vocabulary.groups.flatMap(choiceOf);
    case 'project':
      return vocabulary.projects.flatMap(choiceOf);
    case 'model':
      return vocabulary.models.flatMap(choiceOf);
    case 'agent':
      return vocabulary.agents.flatMap(choiceOf);
    case 'title':
    case 'id':
      return [];
    default:
      return EXAMPLES[field];
  }
}

/** Leaves out values that cannot be typed: control characters never enter a field. */
function choiceOf({ value, sessions }: KnownValue): readonly Choice[] {
  if (/["\u0000-\u001f\u007f-\u009f]/.test(value)) return [];
  return [{ insert: value, note: sessions === 1 ? '1 session' : `${sessions} sessions` }];
}

/** Quotes a value that holds a blank, a comma or a wildcard. */
function quoted(value: string): string {
  return /[\s,*?]/.test(value) ? `"${value}"` : value;
}
