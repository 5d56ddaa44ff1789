import type { FieldStep, FormKey, ToggleField } from './field.ts';

/** Applies a key to a toggle. */
export function toggleKey(field: ToggleField, key: FormKey): FieldStep {
  switch (key) {
    case 'enter':
    case 'newline':
      return { field, go: 'enter' };
    case 'tab':
    case 'down':
      return { field, go: 'next' };
    case 'backtab':
    case 'up':
      return { field, go: 'previous' };
    case 'left':
    case 'right':
      return { field: { ...field, isOn: !field.isOn } };
    default:
      return { field };
  }
}

/** A blank turns it, `y` and `n` say which. */
export function toggleTyped(field: ToggleField, text: string): ToggleField {
  if (text === ' ') return { ...field, isOn: !field.isOn };
  if (text === 'y' || text === 'Y') return { ...field, isOn: true };
  return text === 'n' || text === 'N' ? { ...field, isOn: false } : field;
}
