import { distance } from 'fastest-levenshtein';
import { nearestWord } from '../../domain/nearest.ts';

export const NAME_FIELDS = ['host', 'group', 'project', 'model', 'agent', 'title', 'id'] as const;
export type NameField = (typeof NAME_FIELDS)[number];

export const AMOUNT_FIELDS = ['age', 'cost', 'tokens', 'messages'] as const;
export type AmountField = (typeof AMOUNT_FIELDS)[number];

/** Values of `has:`. */
export const PARTS = ['permission', 'question', 'error', 'changes', 'cost', 'subagents', 'todo'] as const;
export type Part = (typeof PARTS)[number];

/** Values of `is:`. `live` and `polled` describe the session's host. */
export const FLAGS = ['live', 'polled', 'archived', 'snoozed', 'subagent'] as const;
export type Flag = (typeof FLAGS)[number];

export type FieldName = 'state' | 'has' | 'is' | NameField | AmountField;

interface Field {
  /** Explains the field beside its completion. */
  readonly note: string;
  /** The values that it takes, with an example. */
  readonly needs: string;
}

/** In the order in which they are offered. */
export const FIELDS: Readonly<Record<FieldName, Field>> = {
  state: { note: 'waiting, working, error, …', needs: 'a state, such as waiting' },
  host: { note: 'name or address, * and ? are wildcards', needs: 'a name, such as prod-*' },
  project: { note: 'folder of the project', needs: 'a folder, such as */shop' },
  age: { note: 'time in this state: <2h, >3d', needs: 'a time, such as <2h' },
  model: { note: 'provider or model', needs: 'a name, such as claude-*' },
  agent: { note: 'build, plan, …', needs: 'a name, such as build' },
  group: { note: 'group of hosts', needs: 'a name, such as work' },
  title: { note: 'words of the title', needs: 'text, such as login' },
  id: { note: 'id of the session', needs: 'an id, such as ses_*' },
  cost: { note: 'US dollars: >1, <0.5', needs: 'a number, such as >1' },
  tokens: { note: 'tokens, cache excluded: >100k', needs: 'a number, such as >100k' },
  messages: { note: 'number of messages: >20', needs: 'a number, such as >20' },
  has: { note: PARTS.join(', '), needs: `one of ${PARTS.join(', ')}` },
  is: { note: FLAGS.join(', '), needs: `one of ${FLAGS.join(', ')}` },
};

export const FIELD_NAMES: readonly FieldName[] = Object.keys(FIELDS).filter(isFieldName);

function isFieldName(name: string): name is FieldName {
  return Object.hasOwn(FIELDS, name);
}

/** Returns the field of that name, whatever its case; `null` if there is none. */
export function fieldNamed(name: string): FieldName | null {
  const lower = name.toLowerCase();
  return isFieldName(lower) ? lower : null;
}

/** Two letters resemble too many words to be a misspelt field. */
const SHORTEST_GUESS = 3;
const GUESSES = FIELD_NAMES.filter(({ length }) => length >= SHORTEST_GUESS);

/**
 * Returns the field that an unknown name was probably meant to be; `null` for a word that just has a colon, such as `http` or `test`. Accepts
 * swapped letters, the first three letters or more, and one wrong letter behind the first, two in a long name.
 */
export function nearestField(name: string): FieldName | null {
  const lower = name.toLowerCase();
  if (lower.length < SHORTEST_GUESS) return null;
  const begun = GUESSES.find((field) => field.startsWith(lower));
  if (begun !== undefined) return begun;
  const near = fieldNamed(nearestWord(lower, GUESSES) ?? '');
  if (near === null) return null;
  const steps = distance(lower, near);
  const isSwapped = steps === 2 && [...lower].sort().join() === [...near].sort().join();
  const isClose = lower[0] === near[0] && steps <= (near.length > 5 ? 2 : 1);
  return isSwapped || isClose ? near : null;
}
