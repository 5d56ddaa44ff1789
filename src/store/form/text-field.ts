import { candidatesOf, completed, pickTaken } from './complete.ts';
import { type EditKey, type Editor, edited, inserted, PAGE } from './editor.ts';
import type { FieldStep, FormKey, TextField } from './field.ts';

/** Applies a key to a text. */
export function textKey(field: TextField, key: FormKey): FieldStep {
  switch (key) {
    case 'enter':
      if (field.picked !== null) return { field: pickTaken(field) };
      return { field, go: field.multiline ? 'submit' : 'enter' };
    case 'newline':
      return field.multiline ? { field: textInserted(field, '\n') } : { field, go: 'enter' };
    case 'tab':
      return field.completes ? completed(field) : { field, go: 'next' };
    case 'backtab':
      return { field, go: 'previous' };
    case 'submit':
    case 'cancel':
      return { field };
    case 'up':
    case 'down':
    case 'pageUp':
    case 'pageDown':
      return field.multiline ? { field: withEditor(field, edited(field.editor, key, true)) } : pick(field, key);
    default:
      return { field: withEditor(field, edited(field.editor, key, field.multiline)) };
  }
}

/** Takes text in where the cursor is. */
export function textInserted(field: TextField, text: string): TextField {
  return withEditor(field, inserted(field.editor, text));
}

/** Replaces the editor and clears the pick, which belonged to the text before. */
function withEditor(field: TextField, editor: Editor): TextField {
  if (editor.text === field.editor.text) return { ...field, editor };
  return { ...field, editor, picked: null, isTouched: true };
}

const STEPS = { up: -1, down: 1, pageUp: -PAGE, pageDown: PAGE } as const;

/** Moves through the list below the text: above its first entry back to the text, then to the field above. */
function pick(field: TextField, key: EditKey & keyof typeof STEPS): FieldStep {
  const last = candidatesOf(field).length - 1;
  const steps = STEPS[key];
  if (field.picked === null && (steps < 0 || last < 0)) return { field, go: steps < 0 ? 'previous' : 'next' };
  const next = (field.picked ?? -1) + steps;
  return { field: { ...field, picked: next < 0 ? null : Math.min(next, last) } };
}
