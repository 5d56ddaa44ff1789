import type { ActionTarget, TargetSession } from '../../actions/fleet/fleet-actions.ts';
import { sessionKey } from '../../store/keys.ts';
import { entryOfRow, type Row, sessionOfRow } from '../../store/rows.ts';
import type { OcrState } from '../../store/state.ts';

/** Returns the target of an action: the marked sessions, else the selected row. */
export function actionTarget(state: OcrState, row: Row | undefined): ActionTarget {
  const entry = row === undefined ? null : entryOfRow(row);
  const only = sessionOfRow(row);
  const project = row?.kind === 'project' || row?.kind === 'more' ? row.project.path : null;
  const marked = markedSessions(state);
  return {
    entry,
    project: project ?? only?.session.project ?? null,
    sessions: marked.length > 0 ? marked : only === null ? [] : [{ entry: only.entry, session: only.session }],
    marked: marked.length > 0,
  };
}

let last: { readonly of: Marks; readonly sessions: readonly TargetSession[] } | null = null;
type Marks = Pick<OcrState, 'entries' | 'marked' | 'settings'>;

/**
 * Returns the marked sessions that still exist, host by host. Skips hidden archived ones, whose marks are invisible. The
 * last answer is kept: a frame asks for each of its hints.
 */
export function markedSessions(state: Marks): readonly TargetSession[] {
  const { entries, marked, settings } = state;
  if (marked.size === 0) return [];
  const isSame = last?.of.entries === entries && last.of.marked === marked && last.of.settings === settings;
  if (last !== null && isSame) return last.sessions;
  const sessions = [...entries.values()].flatMap((entry) =>
    (entry.snapshot?.sessions ?? [])
      .filter(({ archived }) => archived === null || settings.showArchived)
      .filter(({ id }) => marked.has(sessionKey(entry.host.alias, id)))
      .map((session) => ({ entry, session })),
  );
  last = { of: { entries, marked, settings }, sessions };
  return sessions;
}
