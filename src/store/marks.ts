import type { Row } from './rows.ts';
import { NO_KEYS } from './state.ts';
import type { Transition } from './transition.ts';

/** Marks a session, or takes its mark away. */
export const markToggled =
  (row: Row & { kind: 'session' }): Transition =>
  ({ marked }) => {
    const changed = new Set(marked);
    if (!changed.delete(row.key)) changed.add(row.key);
    return { marked: changed, markAnchor: row.key };
  };

/** Marks the sessions from the one that was marked last to this one. */
export const rangeMarked =
  (rows: readonly Row[], row: Row & { kind: 'session' }): Transition =>
  ({ marked, markAnchor }) => {
    const at = rows.indexOf(row);
    const anchor = rows.findIndex(({ key }) => key === markAnchor);
    const [from, to] = anchor < 0 ? [at, at] : [Math.min(at, anchor), Math.max(at, anchor)];
    const sessions = rows.slice(from, to + 1).filter(({ kind }) => kind === 'session');
    return { marked: new Set([...marked, ...sessions.map(({ key }) => key)]), markAnchor: row.key };
  };

export const marksCleared: Transition = () => ({ marked: NO_KEYS, markAnchor: null });
