import type { ThemeColour } from '../../domain/theme.ts';
import { type ScrollRoom, scrolled } from './scroll.ts';

/** A part of a line in one style. The text is foreign, as it came. */
export interface PagerPart {
  readonly text: string;
  readonly colour?: ThemeColour;
  readonly bold?: boolean;
}

export type PagerLine = readonly PagerPart[];

/** A long text to read. */
export interface PagerState {
  readonly title: string;
  readonly lines: readonly PagerLine[];
  /** First visible line of the screen. */
  readonly top: number;
  /** First visible column of lines that are not wrapped. */
  readonly left: number;
  readonly wrap: boolean;
}

export interface PagerStep {
  readonly state: PagerState;
  readonly effect: { readonly kind: 'close' } | null;
}

/** Columns that a key moves a long line by. */
const COLUMNS = 8;

/** Keys of `less` and vi beside those that scroll everywhere. */
const SYNONYMS: Readonly<Record<string, string>> = {
  k: 'up',
  j: 'down',
  b: 'pgup',
  space: 'pgdn',
  g: 'home',
  G: 'end',
  'ctrl+b': 'pgup',
  'ctrl+f': 'pgdn',
};

export function createPager({
  title,
  lines,
  wrap = true,
}: Pick<PagerState, 'title' | 'lines'> & { readonly wrap?: boolean }): PagerState {
  return { title, lines, top: 0, left: 0, wrap };
}

/** Applies a key: scrolls, toggles wrapping (`w`), or closes the pager. `room` counts lines as shown on screen. */
export function pagerReduce(state: PagerState, keyName: string, room: ScrollRoom): PagerStep {
  const name = SYNONYMS[keyName] ?? keyName;
  if (name === 'esc' || name === 'q') return { state, effect: { kind: 'close' } };
  if (name === 'w') return { state: { ...state, wrap: !state.wrap, left: 0 }, effect: null };
  if ((name === 'left' || name === 'right') && !state.wrap) {
    const left = Math.max(0, state.left + (name === 'left' ? -COLUMNS : COLUMNS));
    return { state: { ...state, left }, effect: null };
  }
  const top = scrolled(state.top, name, room);
  return { state: top === null || top === state.top ? state : { ...state, top }, effect: null };
}
