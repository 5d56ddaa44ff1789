import type { OcrState } from './state.ts';

/** A change of the dashboard's state, as the part of it that is new. */
export type Transition = (state: OcrState) => Partial<OcrState>;
