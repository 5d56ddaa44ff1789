import type { Selection } from './selection.ts';

/** The views with a tab, in its order. */
export const VIEW_NAMES = ['fleet', 'sessions', 'hosts', 'triage', 'pulse', 'log'] as const;
/** A view without a tab is reached by a command. */
export type ViewName = (typeof VIEW_NAMES)[number] | 'finds';

/** Where the user was: for going back and forward. */
export interface Place {
  readonly view: ViewName;
  readonly selected: Selection | null;
  readonly query: string;
}

/** Places behind and ahead of the present one, the nearest last. */
export interface Travels {
  readonly back: readonly Place[];
  readonly forward: readonly Place[];
}

export const NO_TRAVELS: Travels = { back: [], forward: [] };
