import type { HostEntry } from '../domain/fleet.ts';
import { sessionKey } from './rows.ts';
import { parseQuery, searchHost } from './search.ts';
import type { HostFinds, OcrState } from './state.ts';
import type { OcrStore } from './store.ts';

/** Milliseconds that a search may hold the thread before it lets others go first. */
const SLICE = 5;

/**
 * Keeps `finds` up to date with the query and the hosts: searches in slices between which keys and frames go first, and only the hosts that
 * changed. A new query gives up the search under way and selects the session that fits best. Returns what stops it.
 */
export function runSearches(store: OcrStore): () => void {
  let memory = new Map<string, { entry: HostEntry; finds: HostFinds }>();
  let query = '';
  let pending: NodeJS.Immediate | undefined;

  const unsubscribe = store.subscribe((state, before) => {
    if (state.query === before.query && state.entries === before.entries) return;
    if (pending !== undefined) clearImmediate(pending);
    pending = undefined;
    if (state.query !== query) memory = new Map();
    query = state.query;
    if (parseQuery(query).length === 0) {
      if (state.finds !== null) store.setState({ finds: null });
      return;
    }
    const isNew = state.query !== before.query;
    searchOn([...state.entries.values()], isNew);
  });

  function searchOn(entries: HostEntry[], isNew: boolean): void {
    const words = parseQuery(query);
    const finds = new Map<string, HostFinds>();
    const slice = () => {
      pending = undefined;
      const end = performance.now() + SLICE;
      while (finds.size < entries.length) {
        const entry = entries[finds.size];
        if (entry === undefined) break;
        const known = memory.get(entry.host.alias);
        const sessions = entry.snapshot?.sessions ?? [];
        const same = known?.entry.host === entry.host && (known.entry.snapshot?.sessions ?? []) === sessions;
        const found = same ? known.finds : searchHost(entry.host, sessions, words);
        memory.set(entry.host.alias, { entry, finds: found });
        finds.set(entry.host.alias, found);
        if (performance.now() > end) break;
      }
      if (finds.size < entries.length) pending = setImmediate(slice);
      else store.setState((state) => ({ finds, ...(isNew ? selectBest(state, finds) : {}) }));
    };
    pending = setImmediate(slice);
  }

  return () => {
    unsubscribe();
    if (pending !== undefined) clearImmediate(pending);
  };
}

function selectBest(state: OcrState, finds: ReadonlyMap<string, HostFinds>): Partial<OcrState> {
  let best: { key: string; score: number } | null = null;
  for (const [alias, { best: found }] of finds) {
    if (found !== null && (best === null || found.score > best.score)) {
      best = { key: sessionKey(alias, found.id), score: found.score };
    }
  }
  return { selected: best?.key ?? state.selected };
}
