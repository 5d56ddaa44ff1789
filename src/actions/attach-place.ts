import type { OcrState } from '../store/state.ts';

/** True if the user has moved on since: a terminal taken now would get keys meant for something else. */
export function isElsewhere(before: OcrState, now: OcrState): boolean {
  return (
    [now.modal, now.dialog].some((dialog) => dialog !== null) ||
    [now.helpShown, now.errorShown, now.searching].includes(true) ||
    now.selected?.key !== before.selected?.key ||
    now.triage?.selected !== before.triage?.selected
  );
}
