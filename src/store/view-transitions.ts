import { hostKey, moreKey, projectKey, sessionKey } from './keys.ts';
import { aliasOfRow, type Row } from './rows.ts';
import { type Selection, selectedSession, selectionOf } from './selection.ts';
import { NO_KEYS, type OcrState } from './state.ts';
import type { Transition } from './transition.ts';

const FIRST_INDEX = 0;

/** Returns the index of the selected row; if it is gone, that of its host; else the first one. */
export function selectedIndex(rows: readonly Row[], selected: Selection | null): number {
  if (selected === null) return FIRST_INDEX;
  const at = rows.findIndex((row) => row.key === selected.key);
  if (at >= 0) return at;
  const host = selected.alias === null ? null : hostKey(selected.alias);
  return Math.max(
    FIRST_INDEX,
    rows.findIndex((row) => row.key === host),
  );
}

/** Moves the selection by some rows, stopping at the ends. */
export const moved =
  (rows: readonly Row[], steps: number): Transition =>
  (state) => {
    const at = selectedIndex(rows, state.selected) + steps;
    const row = rows[Math.max(0, Math.min(rows.length - 1, at))];
    return row === undefined ? {} : { selected: selectionOf(row) };
  };

/** True if this row can be folded. */
export function isFoldable(row: Row): boolean {
  switch (row.kind) {
    case 'group':
      return true;
    case 'host':
      return row.tree !== null && row.tree.total > 0;
    case 'project':
      return true;
    case 'session':
      return row.children > 0;
    case 'more':
      return false;
  }
}

/** Unfolds or folds a row. A host with a single project unfolds that as well: there is nothing to choose. */
export const folded =
  (row: Row, expand: boolean): Transition =>
  (state) => {
    if (row.kind === 'group') {
      const groups = new Set(state.foldedGroups);
      if (expand) groups.delete(row.key);
      else groups.add(row.key);
      return { foldedGroups: groups };
    }
    const keys = [row.key];
    const only = row.kind === 'host' && row.tree?.projects.length === 1 ? row.tree.projects[0] : undefined;
    if (expand && only !== undefined) keys.push(projectKey(row.entry.host.alias, only.path));
    return withUnfolded(state, row.entry.host.alias, keys, expand);
  };

/** Lists the sessions that a `more` row stands for, and selects the first of them. */
export const moreShown =
  (row: Row & { kind: 'more' }): Transition =>
  (state) => {
    const { alias } = row.entry.host;
    const first = row.project.sessions[row.project.sessions.length - row.hidden];
    const selected = first === undefined ? state.selected : selectedSession(alias, first.id);
    return { ...withUnfolded(state, alias, [moreKey(alias, row.project.path)], true), selected };
  };

function withUnfolded(state: OcrState, alias: string, keys: readonly string[], expand: boolean): Partial<OcrState> {
  const ofHost = new Set(state.unfolded.get(alias) ?? NO_KEYS);
  for (const key of keys) {
    if (expand) ofHost.add(key);
    else ofHost.delete(key);
  }
  return { unfolded: new Map(state.unfolded).set(alias, ofHost) };
}

/** Selects the parent row: the host of a project, the project of a session, and so on. */
export const parentSelected =
  (rows: readonly Row[], row: Row): Transition =>
  () => {
    const at = rows.indexOf(row);
    const depth = depthOf(row);
    for (let i = at - 1; i >= 0; i -= 1) {
      const above = rows[i];
      if (above !== undefined && depthOf(above) < depth) return { selected: selectionOf(above) };
    }
    return {};
  };

/** Returns the depth of a row in the tree. */
export function depthOf(row: Row): number {
  switch (row.kind) {
    case 'group':
      return 0;
    case 'host':
      return 1;
    case 'project':
      return 2;
    case 'session':
      return 3 + row.level;
    case 'more':
      return 3;
  }
}

/** Focuses the search box. */
export const searchBegun: Transition = (state) => ({
  searching: true,
  selectedBeforeSearch: state.query === '' ? state.selected : state.selectedBeforeSearch,
});

/** Ends the search as if it had never been. */
export const searchCancelled: Transition = (state) => ({
  query: '',
  searching: false,
  finds: null,
  selected: state.selectedBeforeSearch,
});

/** Ends the search. Keeps the selection, and unfolds its parents. */
export const searchEnded =
  (rows: readonly Row[]): Transition =>
  (state) => {
    const base = { query: '', searching: false, finds: null };
    const row = rows.find(({ key }) => key === state.selected?.key);
    const alias = row === undefined ? null : aliasOfRow(row);
    if (row === undefined || alias === null || row.kind === 'host' || row.kind === 'group') return base;
    const keys = [hostKey(alias)];
    if (row.kind === 'session') {
      keys.push(projectKey(alias, row.session.project), moreKey(alias, row.session.project));
      if (row.session.parentId !== null) keys.push(sessionKey(alias, row.session.parentId));
    }
    return { ...base, ...withUnfolded(state, alias, keys, true) };
  };
