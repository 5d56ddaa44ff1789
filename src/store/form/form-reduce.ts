import type { Field, FieldStep, FormKey } from './field.ts';
import type { FormEffect, FormEvent, FormState } from './form.ts';
import { reported } from './form-reports.ts';
import { faultOf, isSameValue, valuesOf } from './form-values.ts';
import { listInserted, listKey, listTyped } from './list-field.ts';
import { textInserted, textKey } from './text-field.ts';
import { toggleKey, toggleTyped } from './toggle-field.ts';

export interface FormStep {
  readonly state: FormState;
  readonly effect: FormEffect | null;
}

/** Maximum length of a field's text, in UTF-16 units: longer text slows each key down, and no model takes it. */
export const LONGEST_TEXT = 1_000_000;

/** Applies a key, a text or an outside report to a form, and returns the effects to carry out. */
export function formReduce(state: FormState, event: FormEvent): FormStep {
  switch (event.kind) {
    case 'key':
      if (event.key === 'cancel') return cancelled(state);
      if (state.busy !== null) return only(state);
      return event.key === 'submit' ? submitted(state) : keyPressed({ ...state, leaving: false }, event.key);
    case 'type':
    case 'paste':
      return state.busy === null ? only(textGiven({ ...state, leaving: false }, event)) : only(state);
    default:
      return only(reported(state, event));
  }
}

const only = (state: FormState): FormStep => ({ state, effect: null });

function keyPressed(state: FormState, key: FormKey): FormStep {
  const field = state.fields[state.focused];
  if (field === undefined) return key === 'enter' ? submitted(state) : only(state);
  const step = stepOf(field, key);
  const next = withField(state, step.field);
  switch (step.go) {
    case 'submit':
      return submitted(next);
    case 'enter':
      return entered(next, step.field);
    case 'next':
    case 'previous':
      return only(focusMoved(next, step.go === 'next' ? 1 : -1));
    default:
      return { state: next, effect: step.ask === undefined ? null : completion(step.field, step.ask) };
  }
}

const completion = ({ name }: Field, value: string): FormEffect => ({ kind: 'complete', field: name, value });

function stepOf(field: Field, key: FormKey): FieldStep {
  if (field.kind === 'text') return textKey(field, key);
  return field.kind === 'toggle' ? toggleKey(field, key) : listKey(field, key);
}

/** Moves on from a valid field to the next, or from the last one to submission. */
function entered(state: FormState, field: Field): FormStep {
  if (state.focused >= state.fields.length - 1) return submitted(state);
  const fault = faultOf(field);
  return fault === null ? only(focusMoved(state, 1)) : only({ ...state, error: { text: fault, field: field.name } });
}

function focusMoved(state: FormState, steps: number): FormState {
  const focused = Math.max(0, Math.min(state.fields.length - 1, state.focused + steps));
  return { ...state, focused };
}

function submitted(state: FormState): FormStep {
  for (const [focused, field] of state.fields.entries()) {
    const fault = faultOf(field);
    if (fault !== null) return only({ ...state, focused, leaving: false, error: { text: fault, field: field.name } });
  }
  const effect: FormEffect = { kind: 'submit', values: valuesOf(state.fields) };
  return { state: { ...state, error: null, leaving: false }, effect };
}

/** A long text that was typed is not lost by one key. */
function cancelled(state: FormState): FormStep {
  const field = state.fields[state.focused];
  if (state.busy === null && field?.kind === 'text' && field.picked !== null) {
    return only(withField(state, { ...field, picked: null }));
  }
  const hasText = state.fields.some(
    (other) => other.kind === 'text' && other.multiline && other.isTouched && other.editor.text.trim() !== '',
  );
  if (state.busy === null && hasText && !state.leaving) return only({ ...state, leaving: true });
  return { state, effect: { kind: 'cancel' } };
}

function textGiven(state: FormState, event: FormEvent & { kind: 'type' | 'paste' }): FormState {
  const field = state.fields[state.focused];
  if (field === undefined) return state;
  const text = field.kind === 'text' && field.multiline ? manyLines(event.text) : oneLine(event.text);
  if (text === '') return state;
  if (field.kind === 'toggle') return event.kind === 'type' ? withField(state, toggleTyped(field, text)) : state;
  if (field.editor.text.length + text.length > LONGEST_TEXT) {
    const fault = `${field.label}: that would be more than ${LONGEST_TEXT / 1_000_000} million characters`;
    return { ...state, error: { text: fault, field: field.name } };
  }
  if (field.kind === 'text') return withField(state, textInserted(field, text));
  return withField(state, event.kind === 'type' ? listTyped(field, text) : listInserted(field, text));
}

/** Terminals send a carriage return for each line break of a paste. */
function manyLines(text: string): string {
  return text.replace(/\r\n?/g, '\n');
}

/** Cleans a paste for a one-line field: breaks and tabs become blanks, other control characters are dropped. */
function oneLine(text: string): string {
  return text
    .replace(/[\r\n]+$/, '')
    .replace(/\r\n|[\t\r\n\u2028\u2029]/g, ' ')
    .replace(/\p{Cc}/gu, '');
}

/** Replaces the state of the focused field. Clears its error if its value changed. */
function withField(state: FormState, field: Field): FormState {
  const before = state.fields[state.focused];
  if (before === field) return state;
  const error = before !== undefined && isSameValue(before, field) ? state.error : null;
  return { ...state, error, fields: state.fields.with(state.focused, field) };
}
