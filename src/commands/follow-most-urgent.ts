import { selectAttention } from '../fleet/select-attention.ts';
import type { OcrStore } from '../store/store.ts';
import { inTriageOrder, revealed } from '../store/triage.ts';

/** Hosts answer one after the other: for this time the cursor follows what is most urgent, milliseconds. */
const SETTLING_MS = 8000;

/**
 * Puts the first cursor on the session that needs the user most, until the user presses a key. Does nothing if a selection was restored. Returns a function
 * that stops it.
 */
export function followMostUrgent(store: OcrStore): () => void {
  const start = store.getState();
  if (start.selected !== null) return () => {};
  const end = Date.now() + SETTLING_MS;
  let shown: string | null = null;
  let unsubscribe = () => {};
  const look = () => {
    const state = store.getState();
    if (state.keyAt > 0 || Date.now() > end || state.view !== 'fleet') return unsubscribe();
    const [first] = inTriageOrder(selectAttention(state, Date.now()));
    if (first === undefined || first.key === shown) return;
    shown = first.key;
    const { unfolded, foldedGroups } = start;
    store.setState(revealed({ ...state, unfolded, foldedGroups }, first));
  };
  unsubscribe = store.subscribe(look);
  look();
  return () => unsubscribe();
}
