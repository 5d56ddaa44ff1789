import type { ScreenComposer } from '../components/compose-screen.ts';
import type { Binding } from '../components/keys/binding.ts';
import type { Painter } from '../components/paint/painter.ts';
import type { OpenedFleet } from '../engine/open-fleet.ts';
import type { Setup } from '../engine/setup.ts';
import type { SelectRows } from '../store/select-rows.ts';
import type { OcrStore } from '../store/store.ts';
import type { DashboardTerminal } from './dashboard-terminal.ts';
import type { ChosenLook } from './look.ts';

/** The parts that painted the first screen, and that the running dashboard keeps using. */
export interface OpenedDashboard {
  readonly setup: Setup;
  readonly opened: OpenedFleet;
  readonly store: OcrStore;
  readonly terminal: DashboardTerminal;
  readonly look: ChosenLook;
  readonly painter: Painter;
  readonly composer: ScreenComposer;
  readonly selectRows: SelectRows;
  readonly bindings: readonly Binding[];
}
