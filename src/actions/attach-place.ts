import type { OcrState } from '../store/state.ts';

/** True if the user has moved on since: a terminal taken now would get keys meant for something else. */
export function isElsewhere(before: OcrState, now: OcrState): boolean {
  return (
    [now.modal, now.dialog, now.help, now.input].some((dialog) => dialog !== null) ||
    now.errorShown ||
    now.view !== before.view ||
    now.selected?.key !== before.selected?.key
  );
}
