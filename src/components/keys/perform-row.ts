import { messageLog } from '../../actions/message-log.ts';
import type { AttentionItem } from '../../fleet/select-attention.ts';
import { marksCleared } from '../../store/marks.ts';
import { type Row, sessionOfRow } from '../../store/rows.ts';
import { NO_KEYS, type OcrState } from '../../store/state.ts';
import { attentionJumped } from '../../store/triage.ts';
import { folded, isFoldable, moreShown, moved, searchEnded } from '../../store/view-transitions.ts';
import { travelled, viewShown } from '../../store/view-travels.ts';
import { actionTarget } from './action-target.ts';
import { requestOf } from './fleet-bindings.ts';
import { closable } from './list-bindings.ts';
import type { PerformContext } from './perform-context.ts';

/** True if a row is unfolded. */
export const isExpanded = (row: Row): boolean => 'expanded' in row && row.expanded;

/** Opens a session; a host of the table opens its sessions, a message its details, and all else unfolds or folds. */
export function activate(
  row: Row,
  { actions, dialogs }: PerformContext,
  state: OcrState,
): Partial<OcrState> | undefined {
  if (row.kind === 'find') {
    const sought = { row: row.key, messageId: row.found.messageId };
    return { inspecting: true, detail: { ...state.detail, tab: 'transcript', full: true, sought } };
  }
  const of = sessionOfRow(row);
  if (of !== null) {
    if (state.settings.enterAnswers && requestOf(state, of) !== null)
      actions.run('decide', actionTarget({ ...state, marked: NO_KEYS }, row));
    else actions.attach(of.entry.host.alias, of.session.id, state.view === 'triage');
    return undefined;
  }
  if (row.kind === 'message') {
    dialogs.began();
    dialogs.pager(messageLog([row.message]));
    return { failuresSeen: Date.now() };
  }
  if (row.kind === 'more') return moreShown(row)(state);
  if (row.kind === 'spender')
    return viewShown('sessions', `host:${quoted(row.entry.host.alias)} project:${quoted(row.path)}`)(state);
  if (row.kind === 'host' && state.view === 'hosts')
    return viewShown('sessions', `host:${quoted(row.entry.host.alias)}`)(state);
  return isFoldable(row) ? folded(row, !isExpanded(row))(state) : undefined;
}

/** Writes a value so that a filter takes it as it is. */
function quoted(value: string): string {
  return /^[\w./~@+-]+$/.test(value) ? value : `"${value}"`;
}

/** Closes what lies on top: a failure, the panel, marks, the filter, the view. */
export function close({ rows }: PerformContext, state: OcrState): Partial<OcrState> {
  switch (closable({ state })) {
    case 'failure':
      return { failuresSeen: Date.now(), hint: null };
    case 'panel':
      return { inspecting: false };
    case 'marks':
      return marksCleared(state);
    case 'filter':
      return state.view === 'fleet' ? searchEnded(rows)(state) : { query: '', finds: null };
    case 'view':
      return leave(state);
    default:
      return {};
  }
}

/** Goes back to the view before, or to the tree. */
export function leave(state: OcrState): Partial<OcrState> {
  return state.travels.back.length > 0 ? travelled('back')(state) : viewShown('fleet')(state);
}

/** In Triage the next one is the row below; in the tree the session is unfolded; elsewhere its row is selected, if it is listed. */
export function jumped(
  items: readonly AttentionItem[],
  rows: readonly Row[],
  steps: 1 | -1,
  state: OcrState,
): Partial<OcrState> {
  if (state.view === 'triage') return moved(rows, steps)(state);
  const jump = attentionJumped(items, steps)(state);
  return state.view === 'fleet' ? jump : { ...viewShown('fleet', '')(state), ...jump };
}
