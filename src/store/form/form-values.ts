import type { ChoiceField, Field, MultiField } from './field.ts';
import { rowsOf } from './list-field.ts';

export type FormValue = string | readonly string[] | boolean | null;
/** The values of a form by the names of its fields. */
export type FormValues = Readonly<Record<string, FormValue>>;

/** The value of a text field. */
export function textOf(values: FormValues, name: string): string {
  const value = values[name];
  return typeof value === 'string' ? value : '';
}

/** Returns the chosen value: an option's or the custom answer; `null` for none. */
export function choiceOf(values: FormValues, name: string): string | null {
  const value = values[name];
  return typeof value === 'string' ? value : null;
}

/** Returns the chosen values of a list: options in order, the custom answer last. */
export function listOf(values: FormValues, name: string): readonly string[] {
  const value = values[name];
  return Array.isArray(value) ? value : [];
}

/** The state of a toggle. */
export function isOn(values: FormValues, name: string): boolean {
  return values[name] === true;
}

export function valuesOf(fields: readonly Field[]): FormValues {
  return Object.fromEntries(fields.map((field) => [field.name, fieldValue(field)]));
}

/** The value that a field has now. */
export function fieldValue(field: Field): FormValue {
  switch (field.kind) {
    case 'text':
      return field.editor.text;
    case 'choice':
      return chosenOf(field);
    case 'multi':
      return allChosenOf(field);
    case 'toggle':
      return field.isOn;
  }
}

/** True if two states of a field have the same value. */
export function isSameValue(a: Field, b: Field): boolean {
  if (a.kind === 'toggle' || b.kind === 'toggle') return fieldValue(a) === fieldValue(b);
  if (a.editor.text !== b.editor.text) return false;
  if (a.kind === 'multi' && b.kind === 'multi') return a.checked === b.checked;
  return a.kind !== 'choice' || b.kind !== 'choice' || a.at === b.at;
}

/** Returns what is wrong with a field's value; `null` if nothing is. */
export function faultOf(field: Field): string | null {
  switch (field.kind) {
    case 'text': {
      const { text } = field.editor;
      if (field.required && text.trim() === '') return `${field.label}: required`;
      return field.validate?.(text) ?? null;
    }
    case 'choice': {
      const value = chosenOf(field);
      return listFault(field, value === null) ?? field.validate?.(value) ?? null;
    }
    case 'multi': {
      const values = allChosenOf(field);
      return listFault(field, values.length === 0) ?? field.validate?.(values) ?? null;
    }
    case 'toggle':
      return null;
  }
}

function listFault(field: ChoiceField | MultiField, isEmpty: boolean): string | null {
  const { label, required, loading, custom, editor } = field;
  if (!custom && editor.text !== '' && rowsOf(field).length === 0) return `${label}: nothing in the list matches`;
  if (!required || !isEmpty) return null;
  return loading ? `${label}: the list has not arrived yet` : `${label}: choose one`;
}

function ownAnswerOf({ custom, editor }: ChoiceField | MultiField): string | null {
  return custom && editor.text.trim() !== '' ? editor.text : null;
}

function chosenOf(field: ChoiceField): string | null {
  if (field.at === 'own') return ownAnswerOf(field);
  return field.at === null ? null : (field.options[field.at]?.value ?? null);
}

function allChosenOf(field: MultiField): readonly string[] {
  const chosen = field.options.filter((_, at) => field.checked.has(at)).map(({ value }) => value);
  const own = ownAnswerOf(field);
  return own === null ? chosen : [...chosen, own];
}
