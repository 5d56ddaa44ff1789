import type { OcrStore } from '../store/store.ts';

/** Milliseconds in which keys are still meant for what was on the screen before, such as a second Ctrl-C. */
const LATE_KEYS = 400;

/** Milliseconds in which somebody who was typing looks up, and sees that the question is gone. */
export const TYPED_BLINDLY = 1500;

/** Drops the keys that a person presses before seeing that the screen is another, for so many milliseconds. */
export function dropLateKeys(store: OcrStore, duration = LATE_KEYS): void {
  store.setState(({ keysFrom }) => ({ keysFrom: Math.max(keysFrom, Date.now() + duration) }));
}
