import { SESSION_WORDS, type SessionWord } from '../session-word.ts';

/** Words for several states, and the names that JSON uses. */
const OTHER_WORDS: ReadonlyMap<string, readonly SessionWord[]> = new Map([
  ['waiting', ['permission', 'question']],
  ['errored', ['error']],
  ['retry', ['retrying']],
  ['ended', ['done']],
]);

/** Words of `state:` in the order in which they are offered, with their meaning. */
export const STATE_NOTES: ReadonlyMap<string, string> = new Map([
  ['waiting', 'asks for permission or an answer'],
  ['working', 'a turn runs'],
  ['retrying', 'waits to try again'],
  ['stalled', 'works, but sends no events'],
  ['error', 'the last turn failed'],
  ['done', 'ended, not seen yet'],
  ['active', 'used recently'],
  ['idle', 'at rest, seen'],
  ['cold', 'not used for long'],
  ['archived', 'hidden'],
  ['unknown', 'may or may not be running'],
  ['interrupted', 'its process is gone'],
  ['permission', 'asks for permission'],
  ['question', 'asks a question'],
  ['snoozed', 'put off until later'],
]);

/** Every word that `state:` accepts. */
export const STATE_WORDS: readonly string[] = [...STATE_NOTES.keys(), 'errored', 'retry', 'ended'];

/** Returns the states that a word stands for, whatever its case; empty for an unknown word. */
export function statesNamed(word: string): readonly SessionWord[] {
  const name = word.toLowerCase();
  return OTHER_WORDS.get(name) ?? SESSION_WORDS.filter((state) => state === name);
}
