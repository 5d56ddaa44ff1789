import { panelScrolled } from '../../store/detail.ts';
import type { SelectRows } from '../../store/select-rows.ts';
import type { OcrState } from '../../store/state.ts';
import { requestScrolled } from '../../store/triage.ts';
import { selectedRow } from '../../store/view-transitions.ts';
import { panelContent } from '../inspect/panel.ts';
import type { Painter } from '../paint/painter.ts';
import type { Screen } from '../screen.ts';
import { lastRequestTop } from '../triage/request-pane.ts';

/** Scrolls the panel or the request by some lines. */
export function scrollPane(
  lines: number,
  state: OcrState,
  screen: Screen,
  painter: Painter,
  selectRows: SelectRows,
): Partial<OcrState> {
  const now = Date.now();
  const row = selectedRow(selectRows(state), state);
  if (row === undefined) return {};
  if (state.view === 'triage') {
    return screen.pane === null
      ? {}
      : requestScrolled(lines, lastRequestTop({ state, row, area: screen.pane, painter, now }))(state);
  }
  const isFull = state.inspecting && state.detail.full;
  const area = isFull ? { columns: screen.columns, height: screen.body } : screen.pane;
  if (area === null) return {};
  const { place, room } = panelContent(row, state, { area: { ...area, beside: screen.beside }, painter, now });
  return panelScrolled(place, lines, room)(state);
}
