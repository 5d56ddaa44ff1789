import type { HostEntry } from '../domain/fleet.ts';
import type { Session } from '../domain/session.ts';
import { parseQuery, searchHost } from './search.ts';
import { type Selection, selectedHost, selectedSession } from './selection.ts';
import type { HostFinds, OcrState } from './state.ts';
import type { OcrStore } from './store.ts';

const NO_SESSIONS: readonly Session[] = [];
/** Milliseconds that a search may hold the thread before it lets others go first. */
const SLICE_MS = 5;

/**
 * Keeps `finds` up to date with the query and the hosts. Searches in slices, so that keys and frames go first, and only
 * the hosts that changed. A new query cancels the search in flight and selects the best match. Returns a function that
 * stops it.
 */
export function runSearches(store: OcrStore): () => void {
  let memory = new Map<string, { entry: HostEntry; finds: HostFinds }>();
  let query = '';
  /** The query changed since the selection last followed it. */
  let selecting = false;
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
    selecting ||= state.query !== before.query;
    searchOn([...state.entries.values()]);
  });

  function searchOn(entries: HostEntry[]): void {
    const words = parseQuery(query);
    const found = new Map<string, HostFinds>();
    const slice = () => {
      pending = undefined;
      const end = performance.now() + SLICE_MS;
      while (found.size < entries.length) {
        const entry = entries[found.size];
        if (entry === undefined) break;
        const finds = findsOf(entry);
        memory.set(entry.host.alias, { entry, finds });
        found.set(entry.host.alias, finds);
        if (performance.now() > end) break;
      }
      if (found.size < entries.length) {
        pending = setImmediate(slice);
        return;
      }
      store.setState((state) => ({ finds: found, ...(selecting ? selectBest(state, found) : {}) }));
      selecting = false;
    };
    const findsOf = (entry: HostEntry): HostFinds => {
      const sessions = entry.snapshot?.sessions ?? NO_SESSIONS;
      const known = memory.get(entry.host.alias);
      const same = known?.entry.host === entry.host && (known.entry.snapshot?.sessions ?? NO_SESSIONS) === sessions;
      return same ? known.finds : searchHost(entry.host, sessions, words);
    };
    pending = setImmediate(slice);
  }

  return () => {
    unsubscribe();
    if (pending !== undefined) clearImmediate(pending);
  };
}

/** Selects the best match among sessions; if no session matches by title or id, a host whose name matches. */
function selectBest(state: OcrState, finds: ReadonlyMap<string, HostFinds>): Partial<OcrState> {
  let best: { selected: Selection; score: number } | null = null;
  for (const [alias, found] of finds) {
    const score = found.best?.score ?? -1;
    if (found.host && (best === null || best.score <= 0)) best = { selected: selectedHost(alias), score: 0.5 };
    if (found.best !== null && score > (best?.score ?? -1))
      best = { selected: selectedSession(alias, found.best.id), score };
  }
  return { selected: best?.selected ?? state.selected };
}
