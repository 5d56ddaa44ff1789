import type { EditKey, Editor } from './editor.ts';

/** Something to choose. Texts are foreign. */
export interface Option {
  readonly value: string;
  readonly label: string;
  readonly description?: string;
}

/** A possible completion of a text. */
export interface Candidate {
  /** The whole text of the field. */
  readonly value: string;
  readonly description?: string;
}

interface FieldBase {
  readonly name: string;
  readonly label: string;
  /** A sentence about it, shown while it has the keyboard; `null` for none. */
  readonly hint: string | null;
  readonly required: boolean;
}

/** The answer to a request for completion. */
export interface FieldCompletion {
  /** The text that it was asked for. */
  readonly value: string;
  readonly candidates: readonly Candidate[];
  /** Why there are none. */
  readonly note: string | null;
}

export interface TextField extends FieldBase {
  readonly kind: 'text';
  readonly multiline: boolean;
  readonly placeholder: string;
  readonly initial: string;
  readonly editor: Editor;
  /** True if the user has changed it. */
  readonly isTouched: boolean;
  readonly validate: ((value: string) => string | null) | null;
  /** True if Tab asks for completions. */
  readonly completes: boolean;
  /** Known beforehand. */
  readonly suggestions: readonly Candidate[];
  readonly completion: FieldCompletion | null;
  /** The text whose completion is in flight. */
  readonly asking: string | null;
  /** Index of the picked candidate. */
  readonly picked: number | null;
}

/** A row of a list: the index of an option, or the own answer. */
export type ListRow = number | 'own';

interface ListField extends FieldBase {
  readonly options: readonly Option[];
  /** True if a custom answer may be typed; otherwise typed text filters the options. */
  readonly custom: boolean;
  /** The options have numbers, and a digit picks one as long as nothing else is typed. */
  readonly numbered: boolean;
  /** The own answer or the filter. */
  readonly editor: Editor;
  /** The highlighted row; in a choice, the chosen one. */
  readonly at: ListRow | null;
  /** The options are still being asked for. */
  readonly loading: boolean;
  /** Why there are no options. */
  readonly note: string | null;
}

export interface ChoiceField extends ListField {
  readonly kind: 'choice';
  readonly validate: ((value: string | null) => string | null) | null;
}

export interface MultiField extends ListField {
  readonly kind: 'multi';
  /** Indices of the options that are chosen. */
  readonly checked: ReadonlySet<number>;
  readonly validate: ((values: readonly string[]) => string | null) | null;
}

export interface ToggleField extends FieldBase {
  readonly kind: 'toggle';
  readonly isOn: boolean;
}

export type Field = TextField | ChoiceField | MultiField | ToggleField;

/** A key by its purpose. */
export type FormKey = EditKey | 'enter' | 'newline' | 'tab' | 'backtab' | 'submit' | 'cancel';

/** The effect of a key on the focused field. */
export interface FieldStep {
  readonly field: Field;
  /** Moves the focus: `enter` to the next field or, from the last one, to submission. */
  readonly go?: 'next' | 'previous' | 'enter' | 'submit';
  /** The text to request completions for. */
  readonly ask?: string;
}
