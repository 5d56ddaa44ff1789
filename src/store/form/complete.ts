import { editorOf } from './editor.ts';
import type { Candidate, FieldCompletion, FieldStep, TextField } from './field.ts';
import { boundaryBefore } from './graphemes.ts';
import { searchList } from './search-list.ts';

/** Returns the candidates listed below a text: its known completions, then the matching suggestions. */
export function candidatesOf({ editor, completion, suggestions }: TextField): readonly Candidate[] {
  const { text } = editor;
  const completing = completion === null ? [] : continuing(completion, text);
  const listed = new Set(completing.map(({ value }) => value));
  const fitting = searchList(suggestions, text, ({ value }) => ({ names: [value] }))
    .flatMap((index) => suggestions[index] ?? [])
    .filter(({ value }) => value !== text && !listed.has(value));
  return [...completing, ...fitting];
}

/** Handles Tab: extends the text to the common start of its completions, or requests completions. */
export function completed(field: TextField): FieldStep {
  const { editor, completion, asking, picked } = field;
  const { text } = editor;
  if (picked !== null) return { field: pickTaken(field) };
  const longer = completion === null ? text : commonStart(continuing(completion, text), text);
  if (longer !== text) return { field: withText(field, longer) };
  // The completion of this very text is known: only picking is left.
  if (completion?.value === text && (completion.note === null || completion.candidates.length > 0))
    return { field: candidatesOf(field).length > 0 ? { ...field, picked: 0 } : field };
  if (asking === text) return { field };
  return { field: { ...field, asking: text }, ask: text };
}

/** Applies a completion; no-op unless the text still starts with the completed one. */
export function completionGiven(field: TextField, completion: FieldCompletion): TextField {
  const { text } = field.editor;
  const asking = field.asking === completion.value ? null : field.asking;
  if (!text.startsWith(completion.value)) return { ...field, asking };
  const known = { ...field, asking, completion, picked: null };
  return text === completion.value ? withText(known, commonStart(completion.candidates, text)) : known;
}

/** Replaces the text with the picked candidate. */
export function pickTaken(field: TextField): TextField {
  const candidate = field.picked === null ? undefined : candidatesOf(field)[field.picked];
  return candidate === undefined ? { ...field, picked: null } : withText(field, candidate.value);
}

function continuing({ value, candidates }: FieldCompletion, text: string): readonly Candidate[] {
  if (text === value) return candidates.filter((candidate) => candidate.value !== text);
  return text.startsWith(value)
    ? candidates.filter((other) => other.value !== text && other.value.startsWith(text))
    : [];
}

/** Returns the common start of all candidates if it extends the text; else the text. */
function commonStart(candidates: readonly Candidate[], text: string): string {
  const [first, ...others] = candidates.map(({ value }) => value);
  if (first === undefined) return text;
  let length = first.length;
  for (const other of others) {
    let at = 0;
    while (at < length && first[at] === other[at]) at += 1;
    length = Math.min(boundaryBefore(first, at), boundaryBefore(other, at));
  }
  const common = first.slice(0, length);
  return common.startsWith(text) ? common : text;
}

function withText(field: TextField, text: string): TextField {
  if (text === field.editor.text) return { ...field, picked: null };
  return { ...field, editor: editorOf(text), picked: null, isTouched: true };
}
