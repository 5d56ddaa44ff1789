import { type EditKey, type Editor, edited, editorOf, inserted } from './form/editor.ts';
import type { LineInput } from './line-input.ts';
import type { OcrState } from './state.ts';
import type { Transition } from './transition.ts';

/** Longest text of a filter or command, in UTF-16 units. */
const MAX_UNITS = 400;
/** Commands that are remembered. */
const MAX_COMMANDS = 100;

/** Begins to type a filter, with the present one, or a command. */
export const inputBegun =
  (kind: LineInput['kind'], text = ''): Transition =>
  ({ query, selected }) => ({
    input: {
      kind,
      editor: editorOf(kind === 'filter' ? query : text),
      picked: null,
      recalled: null,
      before: { query, selected },
    },
  });

/** Types text where the cursor is. A filter works at each letter. */
export const inputTyped =
  (text: string): Transition =>
  ({ input }) =>
    input === null
      ? {}
      : withEditor(input, inserted(input.editor, text.slice(0, Math.max(0, MAX_UNITS - input.editor.text.length))));

/** Applies an editing key. */
export const inputEdited =
  (key: EditKey): Transition =>
  ({ input }) =>
    input === null ? {} : withEditor(input, edited(input.editor, key, false));

/** Replaces a part of the text, as a completion does; the cursor goes behind it. */
export const inputReplaced =
  (from: number, to: number, text: string): Transition =>
  ({ input }) => {
    if (input === null) return {};
    const { text: before } = input.editor;
    const editor = { text: before.slice(0, from) + text + before.slice(to), cursor: from + text.length, goal: null };
    return withEditor(input, editor);
  };

/** Moves through the completions, up to none. */
export const inputPicked =
  (steps: number, count: number): Transition =>
  ({ input }) => {
    if (input === null || count === 0) return {};
    const next = (input.picked ?? -1) + steps;
    return { input: { ...input, picked: next < 0 ? null : Math.min(next, count - 1) } };
  };

/** Brings back an earlier command, or a later one. */
export const inputRecalled =
  (steps: 1 | -1): Transition =>
  ({ input, commands }) => {
    if (input === null) return {};
    const at = (input.recalled ?? -1) + steps;
    const text = commands.at(-1 - at);
    if (at < 0) return { input: { ...input, recalled: null, editor: editorOf(''), picked: null } };
    return text === undefined ? {} : { input: { ...input, recalled: at, editor: editorOf(text), picked: null } };
  };

/** Ends the input and keeps its filter. */
export const inputKept: Transition = ({ input }) => (input === null ? {} : { input: null });

/** Ends the input as if it had never been. */
export const inputCancelled: Transition = ({ input, query, finds }) => {
  if (input === null) return {};
  if (input.kind === 'command') return { input: null };
  const { before } = input;
  const back = before.query === query ? finds : null;
  return { input: null, query: before.query, selected: before.selected, finds: before.query === '' ? null : back };
};

/** Remembers a command that was run. */
export const commandRemembered =
  (text: string): Transition =>
  ({ commands }) => ({ commands: [...commands.filter((one) => one !== text), text].slice(-MAX_COMMANDS) });

function withEditor(input: LineInput, editor: Editor): Partial<OcrState> {
  const next = { ...input, editor, picked: null };
  return input.kind === 'filter' ? { input: next, query: editor.text } : { input: next };
}
