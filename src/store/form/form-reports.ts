import { completionGiven } from './complete.ts';
import type { ChoiceField, Field, ListRow, MultiField } from './field.ts';
import type { FormEvent, FormState } from './form.ts';

type Report = Exclude<FormEvent, { kind: 'key' | 'type' | 'paste' }>;

/** Applies a report from the code that carries out the form. */
export function reported(state: FormState, event: Report): FormState {
  switch (event.kind) {
    case 'busy':
      return { ...state, busy: event.text, error: event.text === null ? state.error : null, leaving: false };
    case 'failed': {
      const focused = state.fields.findIndex(({ name }) => name === event.field);
      const error = { text: event.text, field: event.field ?? null };
      return { ...state, busy: null, error, focused: focused < 0 ? state.focused : focused };
    }
    case 'completed':
      return mapField(state, event.field, (field) => {
        if (field.kind !== 'text') return field;
        const { value, candidates, note = null } = event;
        return completionGiven(field, { value, candidates, note });
      });
    case 'options':
      return mapField(state, event.field, (field) =>
        field.kind === 'choice' || field.kind === 'multi' ? withOptions(field, event) : field,
      );
  }
}

function mapField(state: FormState, name: string, change: (field: Field) => Field): FormState {
  return { ...state, fields: state.fields.map((field) => (field.name === name ? change(field) : field)) };
}

/** Replaces the options; keeps the choices by value. */
function withOptions(
  field: ChoiceField | MultiField,
  { options, initial, note }: Report & { kind: 'options' },
): ChoiceField | MultiField {
  const valueAt = (at: ListRow | null) => (typeof at === 'number' ? field.options[at]?.value : undefined);
  const indexOf = (value: string | null | undefined) => {
    const found = options.findIndex((option) => option.value === value);
    return found < 0 ? null : found;
  };
  const same: ListRow | null = field.at === 'own' ? 'own' : indexOf(valueAt(field.at));
  const list = { options, note: note ?? null, loading: false };
  if (field.kind === 'choice') return { ...field, ...list, at: same ?? indexOf(initial) };
  const kept = [...field.checked].map((at) => indexOf(valueAt(at))).filter((at): at is number => at !== null);
  return { ...field, ...list, at: same ?? (options.length > 0 ? 0 : null), checked: new Set(kept) };
}
