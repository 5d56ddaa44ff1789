import { sessionKey } from './keys.ts';
import { type Row, sessionOfRow } from './rows.ts';
import { NO_KEYS } from './state.ts';
import type { Transition } from './transition.ts';

/** A row that stands for a session. */
type SessionRow = Row & { kind: 'session' | 'need' };

/** Marks a session, or takes its mark away. */
export const markToggled =
  (row: SessionRow): Transition =>
  ({ marked }) => {
    const key = markKey(row);
    const changed = new Set(marked);
    if (!changed.delete(key)) changed.add(key);
    return { marked: changed, markAnchor: key };
  };

/** Marks the sessions from the one that was marked last to this one. */
export const rangeMarked =
  (rows: readonly Row[], row: SessionRow): Transition =>
  ({ marked, markAnchor }) => {
    const at = rows.indexOf(row);
    const anchor = rows.findIndex((one) => keysOf([one])[0] === markAnchor);
    const [from, to] = anchor < 0 ? [at, at] : [Math.min(at, anchor), Math.max(at, anchor)];
    return { marked: new Set([...marked, ...keysOf(rows.slice(from, to + 1))]), markAnchor: markKey(row) };
  };

/** Marks every session of the list. */
export const allMarked =
  (rows: readonly Row[]): Transition =>
  ({ marked }) => ({ marked: new Set([...marked, ...keysOf(rows)]) });

/** Sessions are marked, whatever rows stand for them. */
export function markKey({ entry, session }: SessionRow): string {
  return sessionKey(entry.host.alias, session.id);
}

function keysOf(rows: readonly Row[]): string[] {
  return rows.flatMap((row) => {
    const of = sessionOfRow(row);
    return of === null ? [] : [sessionKey(of.entry.host.alias, of.session.id)];
  });
}

export const marksCleared: Transition = () => ({ marked: NO_KEYS, markAnchor: null });
