import { createStore, type StoreApi } from 'zustand/vanilla';
import type { FleetState } from '../fleet/fleet-state.ts';
import type { FleetStore } from '../fleet/fleet-store.ts';
import { selectionAfter } from './keep-selection.ts';
import type { ViewSettings } from './settings.ts';
import { initialState, type OcrState } from './state.ts';
import type { Transition } from './transition.ts';

export type OcrStore = StoreApi<OcrState>;

/** Creates the dashboard's state. It follows the fleet for as long as the process runs; everything else in it changes by transitions only. */
export function createOcrStore(fleet: FleetStore, settings: ViewSettings, inspecting: boolean): OcrStore {
  const store = createStore(() => ({ ...initialState(settings, inspecting), ...factsOf(fleet.getState()) }));
  fleet.subscribe((state) => store.setState(fleetChanged(state)));
  return store;
}

/** Takes over the fleet. If the selected session is gone, its neighbour is selected. */
export const fleetChanged =
  (fleet: FleetState): Transition =>
  (state) => {
    let { selected } = state;
    for (const [alias, before] of state.entries) {
      const after = fleet.entries.get(alias);
      if (after === undefined || after === before) continue;
      if (state.view === 'fleet') selected = selectionAfter(selected, before, after, state.settings) ?? selected;
    }
    return { ...factsOf(fleet), selected };
  };

/** Returns the fleet without its settings: the dashboard has some of its own, and changes them. */
function factsOf({ settings: _settings, ...facts }: FleetState): Omit<FleetState, 'settings'> {
  return facts;
}
