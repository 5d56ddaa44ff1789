import type { OcrStore } from '../store/store.ts';

/** Milliseconds in which keys are still meant for what was on the screen before, such as a second Ctrl-C. */
const LATE_KEYS = 400;

/** Drops the keys that a person presses before seeing that the screen is another. */
export function dropLateKeys(store: OcrStore): void {
  store.setState(({ keysFrom }) => ({ keysFrom: Math.max(keysFrom, Date.now() + LATE_KEYS) }));
}
