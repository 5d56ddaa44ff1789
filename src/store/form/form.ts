import { editorOf } from './editor.ts';
import type { Candidate, Field, FormKey, Option } from './field.ts';
import type { FormValues } from './form-values.ts';

/** A line of text in a dialog, foreign or our own. */
export interface Note {
  readonly text: string;
  readonly warn?: boolean;
}

interface SpecBase {
  /** Of the value, see `FormValues`. */
  readonly name: string;
  readonly label: string;
  readonly hint?: string;
  readonly required?: boolean;
}

interface ListSpec extends SpecBase {
  readonly options: readonly Option[];
  /** An own answer may be typed instead; without it what is typed filters the options. */
  readonly custom?: boolean;
  /** The options come later, see the event `options`. */
  readonly loading?: boolean;
}

/** A field as it is asked for. `validate` says what is wrong with a value, in words for the person. */
export type FieldSpec =
  | (SpecBase & {
      readonly kind: 'text';
      readonly initial?: string;
      readonly multiline?: boolean;
      readonly placeholder?: string;
      readonly validate?: (value: string) => string | null;
      readonly completes?: boolean;
      readonly suggestions?: readonly Candidate[];
    })
  | (ListSpec & {
      readonly kind: 'choice';
      readonly initial?: string | null;
      readonly validate?: (value: string | null) => string | null;
    })
  | (ListSpec & {
      readonly kind: 'multi';
      readonly initial?: readonly string[];
      readonly validate?: (values: readonly string[]) => string | null;
    })
  | (Omit<SpecBase, 'required'> & { readonly kind: 'toggle'; readonly initial?: boolean });

/** Forms whose submission cannot be undone; each has a row in the test of destructive keys. */
export const DESTRUCTIVE_FORMS = ['deleteForGood'] as const;
export type DestructiveForm = (typeof DESTRUCTIVE_FORMS)[number];

export interface FormSpec {
  readonly title: string;
  /** Set for a destructive form, which ignores keys typed before it was painted. */
  readonly destroys?: DestructiveForm;
  /** What the form is for, a verb for the footer. */
  readonly submitLabel: string;
  readonly notes?: readonly Note[];
  /** In their order, with different names. */
  readonly fields: readonly FieldSpec[];
  /** Name of the field that has the keyboard first; the first one unless given. */
  readonly focus?: string;
}

export interface FormState {
  readonly title: string;
  readonly destroys: DestructiveForm | null;
  readonly submitLabel: string;
  readonly notes: readonly Note[];
  readonly fields: readonly Field[];
  /** Index of the field that has the keyboard. */
  readonly focused: number;
  /** What is wrong, and with which field. */
  readonly error: { readonly text: string; readonly field: string | null } | null;
  /** What is being done with the values; the fields stand still meanwhile. */
  readonly busy: string | null;
  /** Esc was pressed once while there is a text to lose. */
  readonly leaving: boolean;
}

export type FormEvent =
  | { readonly kind: 'key'; readonly key: FormKey }
  /** Typed, character by character. */
  | { readonly kind: 'type'; readonly text: string }
  | { readonly kind: 'paste'; readonly text: string }
  /** What is being done now; `null`: no more. */
  | { readonly kind: 'busy'; readonly text: string | null }
  /** It came to nothing; what was typed stays. */
  | { readonly kind: 'failed'; readonly text: string; readonly field?: string }
  /** The answer to the effect `complete`, with its value. `note`: why there are none. */
  | {
      readonly kind: 'completed';
      readonly field: string;
      readonly value: string;
      readonly candidates: readonly Candidate[];
      readonly note?: string;
    }
  /** The options of a list are known now. What was chosen before stays chosen where it is among them. */
  | {
      readonly kind: 'options';
      readonly field: string;
      readonly options: readonly Option[];
      readonly initial?: string | null;
      readonly note?: string;
    }
  /** A text follows from others, unless the person has typed one. */
  | { readonly kind: 'fill'; readonly field: string; readonly text: string };

export type FormEffect =
  /** All values are valid. */
  | { readonly kind: 'submit'; readonly values: FormValues }
  | { readonly kind: 'cancel' }
  | { readonly kind: 'complete'; readonly field: string; readonly value: string };

/** A form as it is first shown. */
export function createForm({ title, destroys, submitLabel, notes = [], fields, focus }: FormSpec): FormState {
  return {
    title,
    destroys: destroys ?? null,
    submitLabel,
    notes,
    fields: fields.map(fieldOf),
    focused: Math.max(
      0,
      fields.findIndex(({ name }) => name === focus),
    ),
    error: null,
    busy: null,
    leaving: false,
  };
}

function fieldOf(spec: FieldSpec): Field {
  const { name, label, hint = null } = spec;
  if (spec.kind === 'toggle') {
    return { kind: 'toggle', name, label, hint, required: false, isOn: spec.initial ?? false };
  }
  const base = { name, label, hint, required: spec.required ?? false };
  if (spec.kind === 'text') {
    const { initial = '', multiline = false, placeholder = '', completes = false, suggestions = [] } = spec;
    return {
      ...base,
      kind: 'text',
      multiline,
      placeholder,
      initial,
      editor: editorOf(initial),
      isTouched: false,
      validate: spec.validate ?? null,
      completes,
      suggestions,
      completion: null,
      asking: null,
      picked: null,
    };
  }
  const { options, custom = false, loading = false } = spec;
  const list = { ...base, options, custom, loading, note: null };
  if (spec.kind === 'choice') {
    const at = options.findIndex(({ value }) => value === spec.initial);
    // What is none of the options is an own answer.
    const own = at < 0 && custom ? (spec.initial ?? '') : '';
    return {
      ...list,
      kind: 'choice',
      editor: editorOf(own),
      at: own === '' ? (at < 0 ? null : at) : 'own',
      validate: spec.validate ?? null,
    };
  }
  const initial = new Set(spec.initial ?? []);
  const checked = new Set([...options.entries()].filter(([, { value }]) => initial.has(value)).map(([at]) => at));
  return {
    ...list,
    kind: 'multi',
    editor: editorOf(''),
    at: options.length > 0 ? 0 : null,
    checked,
    validate: spec.validate ?? null,
  };
}
