import { createStore, type StoreApi } from 'zustand/vanilla';
import type { ViewSettings } from './settings.ts';
import { initialState, type OcrState } from './state.ts';

export type OcrStore = StoreApi<OcrState>;

/** The state of the dashboard: nothing but transitions changes it. */
export function createOcrStore(settings: ViewSettings, inspecting: boolean): OcrStore {
  return createStore(() => initialState(settings, inspecting));
}
