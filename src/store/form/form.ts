import { editorOf } from './editor.ts';
import type { Candidate, Field, FormKey, Option } from './field.ts';
import type { FormValues } from './form-values.ts';

/** A line of text in a dialog, foreign or our own. */
export interface Note {
  readonly text: string;
  readonly warn?: boolean;
}

interface SpecBase {
  /** Key of the value, see `FormValues`. */
  readonly name: string;
  readonly label: string;
  readonly hint?: string;
  readonly required?: boolean;
}

interface ListSpec extends SpecBase {
  readonly options: readonly Option[];
  /** True if the user may type a custom answer; otherwise typed text filters the options. */
  readonly custom?: boolean;
  /** True to number the options: a digit picks one. */
  readonly numbered?: boolean;
  /** The options come later, see the event `options`. */
  readonly loading?: boolean;
}

/** Specification of a field. `validate` returns what is wrong with a value, in words for the user. */
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
  /** Label of the submit key in the footer, a verb. */
  readonly submitLabel: string;
  readonly notes?: readonly Note[];
  /** In order, with distinct names. */
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
  /** Text shown while the form is carried out; the fields are frozen meanwhile. */
  readonly busy: string | null;
  /** Esc was pressed once while there is a text to lose. */
  readonly leaving: boolean;
}

export type FormEvent =
  | { readonly kind: 'key'; readonly key: FormKey }
  /** Typed, character by character. */
  | { readonly kind: 'type'; readonly text: string }
  | { readonly kind: 'paste'; readonly text: string }
  /** Progress; `null` when it has ended. */
  | { readonly kind: 'busy'; readonly text: string | null }
  /** It failed; the typed values stay. */
  | { readonly kind: 'failed'; readonly text: string; readonly field?: string }
  /** The answer to the effect `complete`, with its value. `note`: why there are none. */
  | {
      readonly kind: 'completed';
      readonly field: string;
      readonly value: string;
      readonly candidates: readonly Candidate[];
      readonly note?: string;
    }
  /** The options of a list have arrived. Keeps the choices that are among them. */
  | {
      readonly kind: 'options';
      readonly field: string;
      readonly options: readonly Option[];
      readonly initial?: string | null;
      readonly note?: string;
    };

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
  const { options, custom = false, numbered = false, loading = false } = spec;
  const list = { ...base, options, custom, numbered, loading, note: null };
  if (spec.kind === 'choice') {
    const at = options.findIndex(({ value }) => value === spec.initial);
    // A value outside the options is a custom answer.
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
