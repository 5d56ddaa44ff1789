import { isTimed } from '../fleet/filter/dependence.ts';
import { explainNoMatch, shorterFilters } from '../fleet/filter/explain-no-match.ts';
import type { Filter } from '../fleet/filter/filter.ts';
import { parseFilter } from '../fleet/filter/parse-filter.ts';
import { countFindsInSteps } from './count-finds.ts';
import { runSliced } from './run-sliced.ts';
import { areSameFinds, type Finds, FleetSearch } from './search-fleet.ts';
import { selectBest } from './select-best.ts';
import type { OcrState } from './state.ts';
import type { OcrStore } from './store.ts';

/** Milliseconds after which a search lets others go first. With a garbage collection in it, a slice holds the thread for 4 or 5. */
const SLICE_MS = 2;
/** Time between two searches by a filter whose matches change with time alone, such as `age:<2h`. */
const RECHECK_MS = 5000;
/** Minimum pause before the hosts' changes are searched, as a multiple of the last search's duration. */
const REST_RATIO = 3;

/**
 * Keeps `finds` up to date with the query and the fleet. Searches in slices, so that keys and frames go first, and only the hosts that changed. A new
 * query cancels the search in flight and selects the best match. A query with problems leaves the matches of the last one.
 * @param clock returns epoch milliseconds
 * @returns a function that stops it
 */
export function runSearches(store: OcrStore, clock: () => number = Date.now): () => void {
  let active: ActiveSearch | null = null;

  const unsubscribe = store.subscribe((state, before) => {
    if (state.query !== before.query) follow(parseFilter(state.query));
    else if (isChanged(state, before) || isDropped(state, before)) active?.refresh();
  });

  function follow(filter: Filter): void {
    if (filter.problems.length > 0) {
      if (store.getState().finds === null) active?.refresh();
      return;
    }
    active?.stop();
    active = null;
    if (filter.words.length > 0 || filter.terms.length > 0) active = new ActiveSearch(store, filter, clock);
    else if (isAnswered(store.getState())) store.setState({ finds: null, noMatch: null });
  }

  follow(parseFilter(store.getState().query));

  return () => {
    unsubscribe();
    active?.stop();
  };
}

function isChanged(a: OcrState, b: OcrState): boolean {
  return a.entries !== b.entries || a.seen !== b.seen || a.snoozed !== b.snoozed || a.settings !== b.settings;
}

/** True if the matches were dropped and the query was not, as when a saved filter is applied again. */
function isDropped(state: OcrState, before: OcrState): boolean {
  return state.finds === null && before.finds !== null;
}

function isAnswered({ finds, noMatch }: OcrState): boolean {
  return finds !== null || noMatch !== null;
}

/** A query for as long as it stands. */
class ActiveSearch {
  readonly #store: OcrStore;
  readonly #filter: Filter;
  readonly #clock: () => number;
  readonly #search: FleetSearch;
  readonly #recheck: NodeJS.Timeout | undefined;
  #round = 0;
  /** The selection has not followed the query yet. */
  #isNew = true;
  #cancel: (() => void) | null = null;
  /** The fleet changed during the search in flight. */
  #isOutdated = false;
  #wake: NodeJS.Timeout | undefined;
  /** By `performance.now()`: when the next search may begin. */
  #restsUntil = 0;

  constructor(store: OcrStore, filter: Filter, clock: () => number) {
    this.#store = store;
    this.#filter = filter;
    this.#clock = clock;
    this.#search = new FleetSearch(filter);
    if (isTimed(filter)) {
      this.#recheck = setInterval(() => {
        this.#round += 1;
        this.refresh();
      }, RECHECK_MS).unref();
    }
    this.#start();
  }

  /** Searches again soon. The search in flight ends first: otherwise a host that keeps changing would never be searched. */
  refresh(): void {
    if (this.#cancel !== null) {
      this.#isOutdated = true;
      return;
    }
    this.#wake ??= setTimeout(
      () => {
        this.#wake = undefined;
        this.#start();
      },
      Math.max(0, this.#restsUntil - performance.now()),
    ).unref();
  }

  stop(): void {
    this.#cancel?.();
    clearInterval(this.#recheck);
    clearTimeout(this.#wake);
  }

  #start(): void {
    this.#isOutdated = false;
    this.#cancel = runSliced(this.#searchAndExplain(this.#store.getState()), SLICE_MS, (_, tookMs) => {
      this.#cancel = null;
      this.#restsUntil = performance.now() + REST_RATIO * tookMs;
      if (this.#isOutdated) this.refresh();
    });
  }

  /** Publishes the matches; if there are none, searches for the term to leave out. */
  *#searchAndExplain(state: OcrState): Generator<undefined, void> {
    const now = this.#clock();
    const finds = yield* this.#search.run(state, now, this.#round);
    this.#publish(finds);
    if (!isNothing(finds)) return;
    const shorter = shorterFilters(this.#filter);
    const counts = new Map<Filter, number>();
    for (const { filter } of shorter) {
      const found = yield* new FleetSearch(filter).run(state, now, 0);
      counts.set(filter, yield* countFindsInSteps(state.entries, found));
    }
    const noMatch = explainNoMatch(shorter, (filter) => counts.get(filter) ?? 0);
    const known = this.#store.getState().noMatch;
    if (known?.without !== noMatch?.without || known?.matches !== noMatch?.matches) this.#store.setState({ noMatch });
  }

  #publish(finds: Finds): void {
    const state = this.#store.getState();
    if (!this.#isNew && areSameFinds(state.finds, finds)) return;
    const selection = this.#isNew ? selectBest(state, finds, this.#filter.words) : {};
    const noMatch = this.#isNew || !isNothing(finds) ? null : state.noMatch;
    this.#isNew = false;
    this.#store.setState({ finds, noMatch, ...selection });
  }
}

function isNothing(finds: Finds): boolean {
  for (const { host, sessions } of finds.values()) if (host || sessions.size > 0) return false;
  return true;
}
