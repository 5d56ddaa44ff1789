import { type EditKey, edited, inserted, PAGE } from './editor.ts';
import type { ChoiceField, FieldStep, FormKey, ListRow, MultiField } from './field.ts';
import { searchList } from './search-list.ts';

/** Returns the visible rows of a list: options that match the filter, best first, or all with the custom answer. */
export function rowsOf({ options, custom, editor }: ChoiceField | MultiField): readonly ListRow[] {
  if (custom) return [...options.keys(), 'own'];
  return searchList(options, editor.text, ({ label, value, description }) => ({ names: [label, value], description }));
}

/** Applies a key to a list. */
export function listKey(field: ChoiceField | MultiField, key: FormKey): FieldStep {
  switch (key) {
    case 'enter':
    case 'newline':
      return { field, go: 'enter' };
    case 'tab':
      return { field, go: 'next' };
    case 'backtab':
      return { field, go: 'previous' };
    case 'submit':
    case 'cancel':
      return { field };
    case 'up':
    case 'down':
    case 'pageUp':
    case 'pageDown':
      return { field: moved(field, STEPS[key]) };
    default:
      return { field: edit(field, key) };
  }
}

/** Applies typed text: a blank checks an option, all else edits the custom answer or the filter. */
export function listTyped(field: ChoiceField | MultiField, text: string): ChoiceField | MultiField {
  const characters = [...text];
  // Keys that came in one read are keys until one of them begins the own answer.
  if (field.numbered && characters.length > 1) return characters.reduce(listTyped, field);
  const picked = numberedOption(field, text);
  if (picked !== null)
    return field.kind === 'multi' ? { ...checked(field, picked), at: picked } : { ...field, at: picked };
  if (field.kind === 'multi' && text === ' ' && typeof field.at === 'number') return checked(field, field.at);
  if (field.numbered && field.at !== 'own' && field.options.length > 0) return numberedTyped(field, text);
  return listInserted(field, text);
}

/** In a numbered list letters are keys until the own answer is chosen: a stray one must not become the answer. */
function numberedTyped(field: ChoiceField | MultiField, text: string): ChoiceField | MultiField {
  if (text === 'j' || text === 'k') return moved(field, text === 'j' ? 1 : -1);
  if (field.custom && text === String(field.options.length + 1)) return { ...field, at: 'own' };
  return field;
}

/** Returns the index of the option that a digit picks; `null` where digits are text. */
function numberedOption({ numbered, at, editor, options }: ChoiceField | MultiField, text: string): number | null {
  if (!numbered || at === 'own' || editor.text !== '' || !/^[1-9]$/.test(text)) return null;
  return Number(text) <= options.length ? Number(text) - 1 : null;
}

/** Inserts text that is not a key, such as a paste. */
export function listInserted(field: ChoiceField | MultiField, text: string): ChoiceField | MultiField {
  return filtered({ ...field, editor: inserted(field.editor, text) });
}

const STEPS = { up: -1, down: 1, pageUp: -PAGE, pageDown: PAGE } as const;

function moved(field: ChoiceField | MultiField, steps: number): ChoiceField | MultiField {
  const rows = rowsOf(field);
  const from = field.at === null ? (steps > 0 ? -1 : rows.length) : rows.indexOf(field.at);
  const to = Math.max(0, Math.min(rows.length - 1, from + steps));
  return { ...field, at: rows[to] ?? null };
}

/** Editing keys apply to the custom answer or the filter; without one, `home` and `end` apply to the list. */
function edit(field: ChoiceField | MultiField, key: EditKey): ChoiceField | MultiField {
  const isOfList = field.custom ? field.at !== 'own' : field.editor.text === '';
  if (!isOfList) return filtered({ ...field, editor: edited(field.editor, key, false) }, field.editor.text);
  if (key === 'lineStart' || key === 'textStart') return moved(field, Number.NEGATIVE_INFINITY);
  if (key === 'lineEnd' || key === 'textEnd') return moved(field, Number.POSITIVE_INFINITY);
  return field;
}

/** Highlights the custom answer, or the first option that passes the filter. */
function filtered<F extends ChoiceField | MultiField>(field: F, before?: string): F {
  if (field.custom) return { ...field, at: 'own' };
  if (field.editor.text === before) return field;
  const rows = rowsOf(field);
  const keeps = field.editor.text === '' && field.at !== null && rows.includes(field.at);
  return keeps ? field : { ...field, at: rows[0] ?? null };
}

function checked(field: MultiField, at: number): MultiField {
  const next = new Set(field.checked);
  if (!next.delete(at)) next.add(at);
  return { ...field, checked: next };
}
