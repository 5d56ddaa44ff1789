import type { OcrState } from '../store/state.ts';
import { authLines } from './auth/auth-lines.ts';
import { errorLines } from './dialogs.ts';
import type { Hint } from './keys/footer-hints.ts';
import { hintsOfModal, modalLines } from './modals.ts';
import { BOX_MARGIN, boxLines } from './paint/box.ts';
import type { Line } from './paint/line.ts';
import type { Painter } from './paint/painter.ts';
import type { Area, Screen } from './screen.ts';

/** A dialog as it lies over the view, with the place of its upper left corner. */
export interface Popup {
  readonly lines: readonly Line[];
  readonly x: number;
  readonly y: number;
  readonly columns: number;
  /** The cursor of the terminal within the body, from 0; `null` where nothing is typed. */
  readonly cursor: { readonly x: number; readonly y: number } | null;
}

/** Below this the dialog takes the whole screen. */
const MIN_COLUMNS = 60;
const MIN_ROWS = 12;
/** Wider and higher dialogs are hard to read. */
const MAX_COLUMNS = 84;
const MAX_TEXT_COLUMNS = 120;
const MAX_ROWS = 26;
/** The two lines of the frame. */
const FRAME_ROWS = 2;

/** Returns the room for the text of a dialog: inside its frame, or the whole body of a small screen. The title is its first line. */
export function popupArea(
  { columns, body }: Pick<Screen, 'columns' | 'body'>,
  isText: boolean,
): Area & { readonly isFramed: boolean } {
  if (columns < MIN_COLUMNS || body < MIN_ROWS) return { columns, height: body, isFramed: false };
  const width = Math.min(columns - 4, isText ? MAX_TEXT_COLUMNS : MAX_COLUMNS) - BOX_MARGIN;
  // The title stands in the frame.
  const height = Math.min(isText ? body : MAX_ROWS, body - 2) - FRAME_ROWS + 1;
  return { columns: width, height, isFramed: true };
}

/** True for a dialog with a text of any length. */
export function isTextDialog({ modal }: Pick<OcrState, 'modal'>): boolean {
  return modal?.kind === 'pager';
}

export interface PopupView {
  readonly screen: Screen;
  readonly painter: Painter;
  readonly frame: number | null;
  /** The keys that its lower border names; those of a dialog of an action come from the dialog. */
  readonly hints: readonly Hint[];
}

/** Composes the dialog that lies over the view; `null` without one, and on a small screen, where it is a page. */
export function popupOf(state: OcrState, view: PopupView): Popup | null {
  const { screen, painter, frame, hints } = view;
  const area = popupArea(screen, isTextDialog(state));
  const content = dialogContent(state, { painter, columns: area.columns, height: area.height, frame });
  if (content === null || !area.isFramed) return null;
  const [title, ...rest] = content.lines;
  const body = withoutBlankEnds(rest);
  const columns = area.columns + BOX_MARGIN;
  const keys = state.modal === null ? hints : hintsOfModal(state.modal);
  const lines = boxLines({
    title: withoutMargin(title?.left ?? []),
    right: withoutMargin(title?.right ?? []),
    body: body.lines,
    keys,
    columns,
    painter,
  });
  const y = Math.max(0, Math.floor((screen.body - lines.length) / 2));
  const x = Math.max(0, Math.floor((screen.columns - columns) / 2));
  const cursor = content.cursor && { x: x + content.cursor.x + 2, y: y + content.cursor.y - body.cut };
  return { lines, x, y, columns, cursor };
}

/** Returns the text of the dialog that is open; the first line is its title. */
export function dialogContent(
  state: OcrState,
  view: { readonly painter: Painter; readonly columns: number; readonly height: number; readonly frame: number | null },
): { readonly lines: readonly Line[]; readonly cursor: Popup['cursor'] } | null {
  if (state.errorShown)
    return state.error === null ? null : { lines: errorLines(state.error, view.columns), cursor: null };
  if (state.dialog !== null) return { lines: authLines(state.dialog, view), cursor: null };
  return state.modal === null ? null : modalLines(state.modal, view);
}

/** Takes the blank lines at both ends away; `cut` is how many were before the first text. */
function withoutBlankEnds(lines: readonly Line[]): { readonly lines: readonly Line[]; readonly cut: number } {
  const isBlank = ({ left, right }: Line) => [...left, ...(right ?? [])].every(({ text }) => text.trim() === '');
  const first = lines.findIndex((line) => !isBlank(line));
  const last = lines.findLastIndex((line) => !isBlank(line));
  return first < 0 ? { lines: [], cut: 0 } : { lines: lines.slice(first, last + 1), cut: first };
}

function withoutMargin(segments: Line['left']): Line['left'] {
  const text = segments.map((part, index) => (index === 0 ? { ...part, text: part.text.trimStart() } : part));
  return text
    .map((part, index) => (index === text.length - 1 ? { ...part, text: part.text.trimEnd() } : part))
    .filter((part) => part.text !== '');
}
