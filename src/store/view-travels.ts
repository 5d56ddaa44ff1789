import type { Selection } from './selection.ts';
import type { OcrState } from './state.ts';
import type { Transition } from './transition.ts';
import type { Place, Travels, ViewName } from './view.ts';

const MAX_PLACES = 50;

/** Views that list the same hosts and sessions: the selection goes along from one to the other. */
const SHARE_SELECTION: ReadonlySet<ViewName> = new Set(['fleet', 'sessions', 'hosts']);

/** Shows a view, with the filter as it is or another one. The place before it can be gone back to. */
export const viewShown =
  (view: ViewName, query?: string): Transition =>
  (state) => {
    const next = query ?? state.query;
    if (view === state.view && next === state.query) return {};
    const back = [...state.travels.back, placeOf(state)].slice(-MAX_PLACES);
    const last = state.travels.back.findLast((place) => SHARE_SELECTION.has(place.view))?.selected ?? null;
    const shares = SHARE_SELECTION.has(view);
    const selected = !shares ? null : SHARE_SELECTION.has(state.view) ? state.selected : last;
    return { ...shown(view, selected, next), travels: { back, forward: [] } };
  };

/** Goes back to the place before, or forward again. */
export const travelled =
  (direction: keyof Travels): Transition =>
  (state) => {
    const place = state.travels[direction].at(-1);
    if (place === undefined) return {};
    const rest = state.travels[direction].slice(0, -1);
    const here = placeOf(state);
    const { back, forward } = state.travels;
    const travels =
      direction === 'back' ? { back: rest, forward: [...forward, here] } : { back: [...back, here], forward: rest };
    return { ...shown(place.view, place.selected, place.query), travels };
  };

/** Swaps the present view and the one before. */
export const lastViewShown: Transition = (state) => {
  const last = state.travels.back.findLast((place) => place.view !== state.view);
  return last === undefined ? {} : viewShown(last.view, last.query)(state);
};

function shown(view: ViewName, selected: Selection | null, query: string): Partial<OcrState> {
  return { view, selected, selectedAt: 0, requestTop: 0, query, input: null, ...(query === '' ? { finds: null } : {}) };
}

function placeOf({ view, selected, query }: OcrState): Place {
  return { view, selected, query };
}
