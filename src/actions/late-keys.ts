import type { OcrStore } from '../store/store.ts';

/** Milliseconds in which keys are still meant for what was on the screen before, such as a second Ctrl-C. */
const LATE_KEYS = 400;

/** Milliseconds in which somebody who was typing looks up, and sees that the question is gone. */
export const TYPED_BLINDLY = 1500;

/** Drops the keys that a person presses before seeing that the screen is another, for so many milliseconds. */
export function dropLateKeys(store: OcrStore, duration = LATE_KEYS): void {
  store.setState(({ keysFrom }) => ({ keysFrom: Math.max(keysFrom, Date.now() + duration) }));
}

/** Milliseconds after which held keys are let go, whatever became of what they wait for. */
const LONGEST_HOLD = 3000;

/** Drops keys until what a key has begun is there to take them. Gives what ends that; it ends nothing that others have asked for since. */
export function holdKeys(store: OcrStore): () => void {
  const before = store.getState().keysFrom;
  dropLateKeys(store, LONGEST_HOLD);
  const until = store.getState().keysFrom;
  return () => store.setState(({ keysFrom }) => (keysFrom === until ? { keysFrom: before } : {}));
}
