import type { OcrState } from '../store/state.ts';

/** Has a person gone on to something else since then? A terminal that is taken away now would get the keys for that. */
export function isElsewhere(before: OcrState, now: OcrState): boolean {
  return (
    [now.modal, now.dialog].some((dialog) => dialog !== null) ||
    [now.helpShown, now.errorShown, now.searching].includes(true) ||
    now.selected !== before.selected ||
    now.triage?.selected !== before.triage?.selected
  );
}
