import type { TerminalSize } from '../domain/painted-screen.ts';
import { type AttentionItem, selectAttention } from '../fleet/select-attention.ts';
import { countFleet, type FleetCounts } from '../fleet/statistics.ts';
import type { Row } from '../store/rows.ts';
import type { SelectRows } from '../store/select-rows.ts';
import type { OcrState } from '../store/state.ts';
import { inTriageOrder } from '../store/triage.ts';
import type { Mode } from './keys/binding.ts';
import type { KeyTable } from './keys/key-table.ts';
import type { Painter } from './paint/painter.ts';
import { arrangeScreen, type Screen } from './screen.ts';
import { viewOf } from './views/views.ts';
import type { WelcomeFacts } from './welcome/welcome-lines.ts';

export interface ComposerOptions {
  readonly painter: Painter;
  readonly keys: KeyTable;
  /** True for a screen reader: rows in words, no frames, the cursor on the selected row. */
  readonly isRead: boolean;
  /** Returns the names of the themes, for completions. */
  readonly themes: () => readonly string[];
  /** Returns what was found when hosts were looked for. */
  readonly foundAtStart: () => WelcomeFacts;
}

/** The state to show, values derived from it, and the layout. */
export interface ScreenInput {
  readonly state: OcrState;
  readonly rows: readonly Row[];
  readonly counts: FleetCounts;
  /** The sessions that need the user, in the order of the triage view. */
  readonly attention: readonly AttentionItem[];
  /** Epoch milliseconds. */
  readonly now: number;
  readonly screen: Screen;
}

/** Prepares the input of a screen from the state. */
export function screenInput(
  state: OcrState,
  selectRows: SelectRows,
  { columns, rows: height }: TerminalSize,
  now: number,
): ScreenInput {
  const rows = selectRows(state, now);
  const view = viewOf(state.view);
  const isInspecting = state.inspecting && !state.detail.full;
  return {
    state,
    rows,
    counts: countFleet(state.entries, state.settings, now),
    attention: inTriageOrder(selectAttention(state, now)),
    now,
    screen: arrangeScreen({
      columns,
      rows: height,
      heads: !state.headerHidden,
      pane: view.pane === 'panel' && !isInspecting ? null : view.pane,
      listed: rows.length,
      grown: state.panelGrown,
    }),
  };
}

/** Values that change with time while the state stays the same. */
export interface Moment {
  /** The spinner's frame; `null` where nothing moves. */
  readonly frame: number | null;
  /** Epoch milliseconds up to which messages are shown. */
  readonly messagesAt: number;
}

export type ComposeInput = ScreenInput & Moment & { readonly mode: Mode };

/** Modes that show requests and messages; dialogs have their own text. */
export const LISTED_MODES: ReadonlySet<Mode> = new Set(['list', 'filter', 'command', 'panel']);
