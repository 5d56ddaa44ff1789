import type { Note } from './form.ts';
import { type ScrollRoom, scrolled } from './scroll.ts';

/** Names of all confirmation questions. Each needs a row in the test of destructive keys, which shows that no key answers it by accident. */
export const CONFIRMATIONS = [
  'abort',
  'allowAlways',
  'approveMarked',
  'archive',
  'copy',
  'decide',
  'delete',
  'endServer',
  'ownCommand',
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

/** Keys that only ever leave: users press Enter and `n` before they have read a question. */
export const KEEP_KEYS = ['n', 'esc', 'q', 'enter'] as const;

/** One choice of a confirmation. */
export interface ConfirmOption {
  /** Name of its key; neither a scrolling key nor one of `KEEP_KEYS`. */
  readonly key: string;
  readonly label: string;
  /** One or two words for the footer; defaults to the label. */
  readonly hint?: string;
  /** True if it cannot be undone. */
  readonly danger?: boolean;
}

/** A question before something is done. */
export interface ConfirmState {
  readonly name: ConfirmationName;
  readonly title: string;
  /** Details, such as everything that would be deleted. */
  readonly lines: readonly Note[];
  readonly options: readonly ConfirmOption[];
  /** Key of the option that Enter chooses; `null` if Enter leaves. It must change nothing. */
  readonly enter: string | null;
  /** The effect of leaving the question, such as `keep it`. */
  readonly keep: string;
  /** First visible line. */
  readonly top: number;
  /** Text shown while it works. */
  readonly busy: string | null;
  /** Why it failed. */
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
  enter = null,
}: Pick<ConfirmState, 'name' | 'title' | 'lines' | 'options'> & {
  readonly keep?: string;
  readonly enter?: string | null;
}): ConfirmState {
  const taken = options.find(({ key }) => isKeepKey(key));
  if (taken !== undefined) throw new TypeError(`${taken.key} must not do anything: ${taken.label}`);
  return { name, title, lines, options, keep, enter, top: 0, busy: null, error: null };
}

/** Applies a key: an option's key chooses it, a keep key leaves, the rest scroll or do nothing. While busy, only Esc leaves. */
export function confirmReduce(state: ConfirmState, keyName: string, room: ScrollRoom): ConfirmStep {
  const leaves = isKeepKey(keyName) && !(keyName === 'enter' && state.enter !== null);
  if (keyName === 'esc' || (state.busy === null && leaves)) return { state, effect: { kind: 'cancel' } };
  const chosen = keyName === 'enter' ? state.enter : keyName;
  const option = state.options.find(({ key }) => key === chosen);
  if (option !== undefined) {
    return state.busy === null
      ? { state: { ...state, error: null }, effect: { kind: 'choose', key: option.key } }
      : { state, effect: null };
  }
  const top = scrolled(state.top, keyName, room);
  return { state: top === null || top === state.top ? state : { ...state, top }, effect: null };
}
