import type { EditKey, Editor } from './editor.ts';

/** Something to choose. Texts are foreign. */
export interface Option {
  readonly value: string;
  readonly label: string;
  readonly description?: string;
}

/** What a text can be completed to. */
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

/** What was told about a text when its completion was asked for. */
export interface Completion {
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
  /** A person has changed it. */
  readonly isTouched: boolean;
  readonly validate: ((value: string) => string | null) | null;
  /** Tab asks for what the text can be completed to. */
  readonly completes: boolean;
  /** Known beforehand. */
  readonly suggestions: readonly Candidate[];
  readonly completion: Completion | null;
  /** The text whose completion is being asked for. */
  readonly asking: string | null;
  /** Index of what is picked of the candidates that are shown. */
  readonly picked: number | null;
}

/** A row of a list: the index of an option, or the own answer. */
export type ListRow = number | 'own';

interface ListField extends FieldBase {
  readonly options: readonly Option[];
  /** An own answer may be typed; else what is typed filters the options. */
  readonly custom: boolean;
  /** The own answer or the filter. */
  readonly editor: Editor;
  /** The row that is highlighted; of a choice that is what is chosen. */
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

/** A key by what it is for. */
export type FormKey = EditKey | 'enter' | 'newline' | 'tab' | 'backtab' | 'submit' | 'cancel';

/** What a key did to the field that has the keyboard. */
export interface FieldStep {
  readonly field: Field;
  /** Where the keyboard goes: `enter` to the next field or, from the last one, on to what is asked for. */
  readonly go?: 'next' | 'previous' | 'enter' | 'submit';
  /** The text whose completion is to be asked for. */
  readonly ask?: string;
}
