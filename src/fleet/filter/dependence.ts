import type { Flag, Part } from './fields.ts';
import type { Filter, FilterTest } from './filter.ts';

const LIVE_PARTS: readonly Part[] = ['permission', 'question', 'todo'];
const LIVE_FLAGS: readonly Flag[] = ['live', 'polled', 'snoozed'];

/** True if the result of a filter changes with time alone. */
export function isTimed(filter: Filter): boolean {
  return filter.terms.some(({ test }) => isTimedTest(test));
}

function isTimedTest(test: FilterTest): boolean {
  if (test.kind === 'state') return [...test.states].some((state) => state !== 'archived');
  if (test.kind === 'amount') return test.field === 'age';
  return test.kind === 'is' && test.flags.includes('snoozed');
}

/** True if the result of a filter depends on more than hosts and their sessions: on live state, and on what was seen or snoozed. */
export function readsLiveState(filter: Filter): boolean {
  return filter.terms.some(
    ({ test }) =>
      isTimedTest(test) ||
      (test.kind === 'has' && test.parts.some((part) => LIVE_PARTS.includes(part))) ||
      (test.kind === 'is' && test.flags.some((flag) => LIVE_FLAGS.includes(flag))),
  );
}

/** True if a filter asks for archived sessions, so that they are to be listed even where they are hidden. */
export function asksForArchived(filter: Filter): boolean {
  return filter.terms.some(
    ({ test, inverse }) =>
      !inverse &&
      ((test.kind === 'state' && test.states.has('archived')) ||
        (test.kind === 'is' && test.flags.includes('archived'))),
  );
}

/** Returns the texts that a filter finds by, in lower case, for highlighting: plain words, quoted phrases and titles. */
export function highlightsOf({ words, terms }: Filter): readonly string[] {
  const found = terms.flatMap(({ test, inverse }) => (inverse ? [] : textsOf(test)));
  return found.length === 0 ? words : [...words, ...found];
}

function textsOf(test: FilterTest): readonly string[] {
  if (test.kind === 'text') return [test.text];
  if (test.kind !== 'name' || test.field !== 'title') return [];
  return test.patterns.flatMap(({ text, isGlob }) => (isGlob ? [] : text));
}
