import { selectAttention } from '../fleet/select-attention.ts';
import type { OcrStore } from '../store/store.ts';
import { inTriageOrder, revealed } from '../store/triage.ts';

/**
 * Puts the first cursor on the session that needs the user most, as soon as there is one, unless the user was somewhere before or has pressed a key. Returns a
 * function that ends that.
 */
export function greet(store: OcrStore): () => void {
  let unsubscribe = () => {};
  const look = () => {
    const state = store.getState();
    if (state.selected !== null || state.keyAt > 0) return unsubscribe();
    const [first] = inTriageOrder(selectAttention(state, Date.now()));
    if (first === undefined) return;
    unsubscribe();
    store.setState(revealed(state, first));
  };
  unsubscribe = store.subscribe(look);
  look();
  return () => unsubscribe();
}
