import type { ScreenComposer } from '../components/compose-screen.ts';
import type { Painter } from '../components/paint/painter.ts';
import type { OpenedFleet } from '../engine/open-fleet.ts';
import type { Setup } from '../engine/setup.ts';
import type { SelectRows } from '../store/select-rows.ts';
import type { OcrStore } from '../store/store.ts';
import type { DashboardTerminal } from './dashboard-terminal.ts';

/** What the first screen was painted with, and is worked with from then on. */
export interface OpenedDashboard {
  readonly setup: Setup;
  readonly opened: OpenedFleet;
  readonly store: OcrStore;
  readonly terminal: DashboardTerminal;
  readonly painter: Painter;
  readonly composer: ScreenComposer;
  readonly selectRows: SelectRows;
}
