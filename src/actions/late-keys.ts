import type { OcrStore } from '../store/store.ts';

/** Time in which keys are still meant for the previous screen, such as a second Ctrl-C. */
const LATE_KEYS_MS = 400;

/** Time for a typing user to look up and see that the question is gone. */
export const TYPED_BLINDLY = 1500;

/** Drops keys for some milliseconds, since the user has not seen the new screen yet. */
export function dropLateKeys(store: OcrStore, duration = LATE_KEYS_MS): void {
  store.setState(({ keysFrom }) => ({ keysFrom: Math.max(keysFrom, Date.now() + duration) }));
}

/** Time after which held keys are released, whatever they wait for. */
const MAX_HOLD_MS = 3000;

/**
 * Drops keys until the view that a key opens is ready. Returns a function that ends that, but not the holds of later
 * callers.
 */
export function holdKeys(store: OcrStore): () => void {
  const before = store.getState().keysFrom;
  dropLateKeys(store, MAX_HOLD_MS);
  const until = store.getState().keysFrom;
  return () => store.setState(({ keysFrom }) => (keysFrom === until ? { keysFrom: before } : {}));
}
