import { boundaryAfter, nextBoundary, previousBoundary } from './graphemes.ts';
import { lineEnd, lineStart, linesAway } from './text-lines.ts';
import { blankStart, wordEnd, wordStart } from './words.ts';

/** A text being edited. The cursor is a UTF-16 index, never inside a grapheme. */
export interface Editor {
  readonly text: string;
  readonly cursor: number;
  /** The column to keep while the cursor moves up and down; `null` after any other move. */
  readonly goal: number | null;
}

export const EDIT_KEYS = [
  'left',
  'right',
  'wordLeft',
  'wordRight',
  'lineStart',
  'lineEnd',
  'textStart',
  'textEnd',
  'up',
  'down',
  'pageUp',
  'pageDown',
  'backspace',
  'delete',
  'eraseWord',
  'eraseWordLeft',
  'eraseWordRight',
  'eraseToStart',
  'eraseToEnd',
] as const;
export type EditKey = (typeof EDIT_KEYS)[number];

/** Lines that a page key moves by: the screen is not known here. */
export const PAGE = 10;

/** A text with the cursor at its end. */
export function editorOf(text: string): Editor {
  return { text, cursor: text.length, goal: null };
}

/** Puts text in where the cursor is. */
export function inserted({ text, cursor }: Editor, added: string): Editor {
  return at(text.slice(0, cursor) + added + text.slice(cursor), cursor + added.length);
}

/** Applies a key to a text. In a single-line text, line breaks are ordinary characters. */
export function edited(editor: Editor, key: EditKey, multiline: boolean): Editor {
  const { text, cursor } = editor;
  const start = multiline ? lineStart(text, cursor) : 0;
  const end = multiline ? lineEnd(text, cursor) : text.length;
  switch (key) {
    case 'left':
      return at(text, previousBoundary(text, cursor));
    case 'right':
      return at(text, nextBoundary(text, cursor));
    case 'wordLeft':
      return at(text, wordStart(text, cursor));
    case 'wordRight':
      return at(text, wordEnd(text, cursor));
    case 'lineStart':
      return at(text, start);
    case 'lineEnd':
      return at(text, end);
    case 'textStart':
      return at(text, 0);
    case 'textEnd':
      return at(text, text.length);
    case 'up':
    case 'down':
    case 'pageUp':
    case 'pageDown':
      return multiline ? { text, ...linesAway(editor, LINES[key]) } : editor;
    case 'backspace':
      return without(text, previousBoundary(text, cursor), cursor);
    case 'delete':
      return without(text, cursor, nextBoundary(text, cursor));
    case 'eraseWord':
      return without(text, blankStart(text, cursor), cursor);
    case 'eraseWordLeft':
      return without(text, wordStart(text, cursor), cursor);
    case 'eraseWordRight':
      return without(text, cursor, wordEnd(text, cursor));
    case 'eraseToStart':
      return without(text, start, cursor);
    case 'eraseToEnd':
      // At the end of a line, erases its break.
      return without(text, cursor, cursor === end ? nextBoundary(text, cursor) : end);
  }
}

const LINES = { up: -1, down: 1, pageUp: -PAGE, pageDown: PAGE } as const;

/** The text around a change may have become one grapheme: moves the cursor behind it. */
function at(text: string, cursor: number): Editor {
  return { text, cursor: boundaryAfter(text, cursor), goal: null };
}

function without(text: string, from: number, to: number): Editor {
  return at(text.slice(0, from) + text.slice(to), from);
}
