import type { Note } from './form.ts';
import { type ScrollRoom, scrolled } from './scroll.ts';

/**
 * Every question that stands before something is done. The test of destructive keys has a row for each, so that a new one cannot be
 * added without showing that no key answers it by accident.
 */
export const CONFIRMATIONS = [
  'abort',
  'allowAlways',
  'approveMarked',
  'archive',
  'copy',
  'delete',
  'endServer',
  'promptMarked',
  'prune',
  'quit',
  'reload',
  'share',
  'stopClone',
  'undo',
  'unshare',
] as const;
export type ConfirmationName = (typeof CONFIRMATIONS)[number];

/** Keys that never do anything but leave: Enter and `n` are pressed before a question is read. */
export const KEEP_KEYS = ['n', 'esc', 'q', 'enter'] as const;

/** One thing that may be done. */
export interface ConfirmOption {
  /** Name of the key that does it; none that scrolls, nor one of `KEEP_KEYS`. */
  readonly key: string;
  readonly label: string;
  /** One or two words for the footer; the label unless given. */
  readonly hint?: string;
  /** It cannot be undone. */
  readonly danger?: boolean;
}

/** A question before something is done. */
export interface ConfirmState {
  readonly name: ConfirmationName;
  readonly title: string;
  /** What it is about, such as all that would be deleted. */
  readonly lines: readonly Note[];
  readonly options: readonly ConfirmOption[];
  /** What leaving the question does, such as `keep it`. */
  readonly keep: string;
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

const isKeepKey = (keyName: string) => KEEP_KEYS.some((key) => key === keyName);

/** Throws a TypeError for an option on a key that only leaves. */
export function createConfirm({
  name,
  title,
  lines,
  options,
  keep = 'go back',
}: Pick<ConfirmState, 'name' | 'title' | 'lines' | 'options'> & { readonly keep?: string }): ConfirmState {
  const taken = options.find(({ key }) => isKeepKey(key));
  if (taken !== undefined) throw new TypeError(`${taken.key} must not do anything: ${taken.label}`);
  return { name, title, lines, options, keep, top: 0, busy: null, error: null };
}

/** What a key does: an option of that key is chosen, a keep key leaves, the rest scrolls or does nothing. While it is busy, only Esc leaves. */
export function confirmReduce(state: ConfirmState, keyName: string, room: ScrollRoom): ConfirmStep {
  if (keyName === 'esc' || (state.busy === null && isKeepKey(keyName))) return { state, effect: { kind: 'cancel' } };
  const option = state.options.find(({ key }) => key === keyName);
  if (option !== undefined) {
    return state.busy === null
      ? { state: { ...state, error: null }, effect: { kind: 'choose', key: option.key } }
      : { state, effect: null };
  }
  const top = scrolled(state.top, keyName, room);
  return { state: top === null || top === state.top ? state : { ...state, top }, effect: null };
}
