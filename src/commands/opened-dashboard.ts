import type { ScreenComposer } from '../components/compose-screen.ts';
import type { KeyTable } from '../components/keys/key-table.ts';
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
  readonly keys: KeyTable;
  /** Tells the composer where the names of the themes come from. */
  readonly listThemesBy: (list: () => readonly string[]) => void;
}
