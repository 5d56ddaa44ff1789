import type { ActionTarget, TargetSession } from '../../actions/fleet/fleet-actions.ts';
import type { AttentionItem } from '../../fleet/select-attention.ts';
import { sessionKey } from '../../store/keys.ts';
import { entryOfRow, type Row } from '../../store/rows.ts';
import type { OcrState } from '../../store/state.ts';
import { triageIndex } from '../../store/triage.ts';

/**
 * Returns the target of an action: in the triage view its selected session, else the marked sessions, else the selected
 * row.
 */
export function actionTarget(state: OcrState, row: Row | undefined, items: readonly AttentionItem[]): ActionTarget {
  if (state.triage !== null) {
    const item = items[triageIndex(items, state.triage)];
    if (item === undefined) return { entry: null, project: null, sessions: [], marked: false };
    const { entry, session } = item;
    return { entry, project: session.project, sessions: [{ entry, session }], marked: false };
  }
  const entry = row === undefined ? null : entryOfRow(row);
  const project = row?.kind === 'project' || row?.kind === 'more' ? row.project.path : null;
  const selected: TargetSession[] = row?.kind === 'session' ? [{ entry: row.entry, session: row.session }] : [];
  const marked = markedSessions(state);
  return {
    entry,
    project: project ?? (row?.kind === 'session' ? row.session.project : null),
    sessions: marked.length > 0 ? marked : selected,
    marked: marked.length > 0,
  };
}

/**
 * Returns the marked sessions that still exist, host by host. Skips hidden archived ones, whose marks are invisible.
 */
function markedSessions({ entries, marked, settings }: OcrState): TargetSession[] {
  if (marked.size === 0) return [];
  return [...entries.values()].flatMap((entry) =>
    (entry.snapshot?.sessions ?? [])
      .filter(({ archived }) => archived === null || settings.showArchived)
      .filter(({ id }) => marked.has(sessionKey(entry.host.alias, id)))
      .map((session) => ({ entry, session })),
  );
}
