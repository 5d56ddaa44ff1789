import type { Note } from './form.ts';
import { type ScrollRoom, scrolled } from './scroll.ts';

/** One thing that may be done. */
export interface ConfirmOption {
  /** Name of the key that does it; none that scrolls, nor `esc`. */
  readonly key: string;
  readonly label: string;
  /** It cannot be undone. */
  readonly danger?: boolean;
  /** Enter does it too. */
  readonly enter?: boolean;
}

/** A question before something is done. */
export interface ConfirmState {
  readonly title: string;
  /** What it is about, such as all that would be deleted. */
  readonly lines: readonly Note[];
  readonly options: readonly ConfirmOption[];
  /** First line that is seen. */
  readonly top: number;
  /** What is being done now. */
  readonly busy: string | null;
  /** Why it was not done. */
  readonly error: string | null;
}

export type ConfirmEffect = { readonly kind: 'choose'; readonly key: string } | { readonly kind: 'cancel' };

export interface ConfirmStep {
  readonly state: ConfirmState;
  readonly effect: ConfirmEffect | null;
}

export function createConfirm({
  title,
  lines,
  options,
}: Pick<ConfirmState, 'title' | 'lines' | 'options'>): ConfirmState {
  return { title, lines, options, top: 0, busy: null, error: null };
}

/** What a key does: an option of that key is chosen, Esc leaves, the rest scrolls or does nothing. While it is busy, no option can be chosen. */
export function confirmReduce(state: ConfirmState, keyName: string, room: ScrollRoom): ConfirmStep {
  if (keyName === 'esc') return { state, effect: { kind: 'cancel' } };
  const option = state.options.find(({ key, enter }) => key === keyName || (enter === true && keyName === 'enter'));
  if (option !== undefined) {
    return state.busy === null
      ? { state: { ...state, error: null }, effect: { kind: 'choose', key: option.key } }
      : { state, effect: null };
  }
  const top = scrolled(state.top, keyName, room);
  return { state: top === null || top === state.top ? state : { ...state, top }, effect: null };
}
