import { countFinds } from '../store/count-finds.ts';
import { type Row, sessionOfRow } from '../store/rows.ts';
import type { OcrState } from '../store/state.ts';
import { selectedIndex } from '../store/view-transitions.ts';
import { rangeLabel } from './pulse/pulse-input.ts';

/** Returns where the cursor is in the list, and with a filter how many sessions match it. */
export function positionText(state: OcrState, rows: readonly Row[]): string {
  if (state.view === 'pulse') return rangeLabel(state.pulse.range);
  const at = rows.length === 0 ? '0/0' : `${selectedIndex(rows, state) + 1}/${rows.length}`;
  if (state.query.trim() === '') return at;
  const found = countFinds(state);
  return found === null
    ? at
    : `${found.sessions} ${found.sessions === 1 ? 'session' : 'sessions'} on ${found.hosts} ${found.hosts === 1 ? 'host' : 'hosts'}  ${at}`;
}

/** Returns the parts of the place below the view. */
export function crumbsHere(state: OcrState, rows: readonly Row[]): string[] {
  if (state.inspecting && state.detail.full) return crumbsOf(rows[selectedIndex(rows, state)]);
  return state.view === 'finds' && state.find !== null ? [state.find.needle] : [];
}

function crumbsOf(row: Row | undefined): string[] {
  const of = sessionOfRow(row);
  if (of !== null) return [of.entry.host.label, of.session.project, of.session.title || 'untitled'];
  if (row?.kind === 'project' || row?.kind === 'more') return [row.entry.host.label, row.project.path];
  return row?.kind === 'host' ? [row.entry.host.label] : [];
}
