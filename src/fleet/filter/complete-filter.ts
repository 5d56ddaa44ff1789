import { type Choice, fieldChoices, valueChoices, wordChoices } from './choices.ts';
import { type NamedField, splitTokens, type Token } from './tokens.ts';
import type { Vocabulary } from './vocabulary.ts';

/** Choices that replace a part of the text. Offsets are UTF-16 units. */
export interface Completion {
  readonly from: number;
  readonly to: number;
  /** Best first. */
  readonly choices: readonly Choice[];
}

const MAX_CHOICES = 20;

/** Completes a filter at the cursor: the name of a field, or the value of one. A misspelt one is completed to what was probably meant. */
export function completeFilter(text: string, cursor: number, vocabulary: Vocabulary): Completion {
  const at = Math.max(0, Math.min(text.length, cursor));
  const token = splitTokens(text).find(({ from, to }) => from <= at && at <= to);
  const { from, to, choices } =
    token === undefined ? { from: at, to: at, choices: fieldChoices('') } : completeToken(text, at, token, vocabulary);
  return { from, to, choices: choices.slice(0, MAX_CHOICES) };
}

function completeToken(text: string, at: number, token: Token, vocabulary: Vocabulary): Completion {
  const { field, items } = token;
  if (field === null) {
    const [{ from, to, isQuoted }] = items;
    return { from, to, choices: isQuoted ? [] : wordChoices(text.slice(from, at), vocabulary) };
  }
  if (at <= field.to) return completeName(text.slice(field.from, at), field);
  if (field.field === null) return completeName(field.name, field);
  const item = items.find(({ from, to }) => from <= at && at <= to) ?? items[0];
  const typed = text.slice(item.from, at).replaceAll('"', '');
  return { from: item.from, to: item.to, choices: valueChoices(field.field, typed, vocabulary) };
}

/** Replaces the name and its colon. */
function completeName(typed: string, { from, to }: NamedField): Completion {
  return { from, to: to + 1, choices: fieldChoices(typed) };
}
