import {
  type DetailView,
  foldToggled,
  fullToggled,
  panelCycled,
  panelCycledBack,
  panelScrolled,
  panelToggled,
  shownTab,
  topOf,
} from '../../store/detail.ts';
import type { Row } from '../../store/rows.ts';
import { type PanelView, panelContent } from './panel.ts';
import { firstLineOf, type PanelState, placeOfLine } from './panel-body.ts';

export type PanelAction =
  | 'inspect'
  | 'cycleView'
  | 'previousTab'
  | 'panelLarger'
  | 'panelSmaller'
  | 'panelFull'
  | 'panelFold'
  | 'panelUp'
  | 'panelDown'
  | 'panelHalfUp'
  | 'panelHalfDown'
  | 'panelPageUp'
  | 'panelPageDown'
  | 'panelTop'
  | 'panelBottom';

/** Lines that a key scrolls by, for a panel of a given height. */
const STEPS: Readonly<Partial<Record<PanelAction, (height: number) => number>>> = {
  panelUp: () => -1,
  panelDown: () => 1,
  panelHalfUp: (height) => -Math.max(1, Math.floor(height / 2)),
  panelHalfDown: (height) => Math.max(1, Math.floor(height / 2)),
  panelPageUp: (height) => -Math.max(1, height - 1),
  panelPageDown: (height) => Math.max(1, height - 1),
  panelTop: () => Number.NEGATIVE_INFINITY,
  panelBottom: () => Number.POSITIVE_INFINITY,
};

/** Performs a key of the panel. `view` is `null` while the screen has no room for the panel. */
export function performPanel(
  action: PanelAction,
  row: Row | undefined,
  state: PanelState,
  view: PanelView | null,
): Partial<DetailView> {
  if (action === 'inspect') return panelToggled(state);
  if (action === 'cycleView') return panelCycled(row?.kind)(state);
  if (action === 'previousTab') return panelCycledBack(row?.kind)(state);
  if (action === 'panelFull') return fullToggled(state);
  if (!state.inspecting || row === undefined || view === null) return {};
  if (action === 'panelFold') return folded(row, state, view);
  const { place, room, sought } = panelContent(row, state, view);
  const steps = STEPS[action]?.(room.height) ?? 0;
  if (sought === null) return panelScrolled(place, steps, room)(state);
  // From the message that was sought on, the transcript scrolls as any other.
  const from = { ...state, detail: { ...state.detail, sought: null } };
  return panelScrolled(place, sought - topOf(from.detail, place, room) + steps, room)(from);
}

/** Folds or unfolds, and keeps the top visible line in place. */
function folded(row: Row, state: PanelState, view: PanelView): Partial<DetailView> {
  const { tab, place, blocks, room } = panelContent(row, state, view);
  const next = panelContent(row, state, view, !state.detail.unfolded.has(tab));
  const { block, offset } = placeOfLine(blocks, topOf(state.detail, place, room));
  const last = Math.max(0, (next.blocks[block]?.length ?? 0) - 1);
  return foldToggled(place, firstLineOf(next.blocks, block) + Math.min(offset, last), next.room)(state);
}

/** Returns why the panel's scrolling keys are disabled; `null` if they are not. */
export function panelDisabledReason({ inspecting }: DetailView): string | null {
  return inspecting ? null : 'The panel is closed';
}

/** Returns why nothing can be folded in the panel now; `null` if it can. */
export function foldDisabledReason(state: DetailView, row: Row | undefined): string | null {
  const tab = shownTab(state.detail, row?.kind);
  return panelDisabledReason(state) ?? (tab === 'transcript' || tab === 'changes' ? null : 'Nothing to fold');
}
