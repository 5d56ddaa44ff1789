import type { DialogDesk } from '../../actions/fleet/dialog-desk.ts';
import type { ActionTarget, FleetActionId } from '../../actions/fleet/fleet-actions.ts';
import { messageLog } from '../../actions/message-log.ts';
import type { QuestionDesk } from '../../actions/question-desk.ts';
import { INSTALL_LINES } from '../../domain/fleet.ts';
import type { AttentionItem } from '../../fleet/select-attention.ts';
import { keyWarningOf, withKeyWarningSeen } from '../../store/key-warnings.ts';
import { marksCleared, markToggled, rangeMarked } from '../../store/marks.ts';
import { entryOfRow, type Row } from '../../store/rows.ts';
import type { OcrState } from '../../store/state.ts';
import type { OcrStore } from '../../store/store.ts';
import {
  attentionJumped,
  revealed,
  triageBegun,
  triageIndex,
  triageLeft,
  triageMoved,
  triageScrolled,
} from '../../store/triage.ts';
import {
  folded,
  isFoldable,
  moreShown,
  moved,
  parentSelected,
  searchBegun,
  searchCancelled,
  searchEnded,
} from '../../store/view-transitions.ts';
import type { PanelView } from '../inspect/panel.ts';
import { type PanelAction, performPanel } from '../inspect/perform-panel.ts';
import { failureText } from '../tree/failure-text.ts';
import { actionTarget } from './action-target.ts';
import type { ActionId, Binding } from './binding.ts';

/** Actions outside the screen that a key can start. */
export interface DashboardActions {
  /** Attaches to a session. If opencode would not show its pending request, the triage view opens first, unless `anyway` is set. */
  attach(alias: string, sessionId: string, anyway?: boolean): void;
  refresh(): void;
  /** Connects to a host with prompts to the user. */
  authenticate(alias: string): void;
  /** Runs an action on hosts or sessions. */
  run(action: FleetActionId, target: ActionTarget): void;
  /** Suspends to the shell until it resumes the dashboard. */
  suspend(): void;
  /** Paints all of the screen again. */
  repaint(): void;
  quit(): void;
}

export interface PerformContext {
  readonly store: OcrStore;
  readonly actions: DashboardActions;
  /** Receives text typed in a host's dialog. */
  readonly desk: QuestionDesk;
  /** Shows a text in the pager. */
  readonly dialogs: DialogDesk;
  readonly rows: readonly Row[];
  readonly row: Row | undefined;
  /** The sessions that need the user. */
  readonly items: readonly AttentionItem[];
  /** First line of a session's request when its end is visible. */
  readonly triageLast: number;
  /** The context of the inspect panel; `null` while there is none. */
  readonly panel: PanelView | null;
  /** Rows of a screen. */
  readonly pageSize: number;
  /** First line of the help screen when its end is visible. */
  readonly helpLast: number;
}

type Perform = (context: PerformContext, state: OcrState) => Partial<OcrState> | undefined;

const move =
  (steps: (context: PerformContext) => number): Perform =>
  (context, state) =>
    moved(context.rows, steps(context))(state);

/** Runs a function on the selected row, if there is one. */
const onRow =
  (perform: (row: Row, context: PerformContext, state: OcrState) => Partial<OcrState> | undefined): Perform =>
  (context, state) =>
    context.row === undefined ? undefined : perform(context.row, context, state);

/** Runs a function on the session that is selected in the triage view, if there is one. */
const onItem =
  (
    perform: (item: AttentionItem, context: PerformContext, state: OcrState) => Partial<OcrState> | undefined,
  ): Perform =>
  (context, state) => {
    const item = state.triage === null ? undefined : context.items[triageIndex(context.items, state.triage)];
    return item === undefined ? undefined : perform(item, context, state);
  };

/** Passes a key of the dialog to the desk. */
const atDesk =
  (tell: (desk: QuestionDesk) => void): Perform =>
  ({ desk }) => {
    tell(desk);
    return undefined;
  };

const scrollHelp =
  (lines: (context: PerformContext) => number): Perform =>
  (context, { helpTop }) => {
    return { helpTop: Math.max(0, Math.min(context.helpLast, helpTop + lines(context))) };
  };

/** Lines that a page key scrolls a request by. */
const TRIAGE_PAGE_LINES = 8;

/** Performs a key of the inspect panel. */
const onPanel =
  (action: PanelAction): Perform =>
  ({ row, panel }, state) =>
    performPanel(action, row, state, panel);

const isExpanded = (row: Row) => 'expanded' in row && row.expanded;

const PERFORM: Readonly<Record<ActionId, Perform>> = {
  up: move(() => -1),
  down: move(() => 1),
  pageUp: move(({ pageSize }) => -pageSize),
  pageDown: move(({ pageSize }) => pageSize),
  top: move(() => Number.NEGATIVE_INFINITY),
  bottom: move(({ rows }) => rows.length),
  activate: onRow((row, { actions }, state) => {
    if (row.kind === 'session') actions.attach(row.entry.host.alias, row.session.id);
    else if (row.kind === 'more') return moreShown(row)(state);
    else if (isFoldable(row)) return folded(row, !isExpanded(row))(state);
    return undefined;
  }),
  toggle: onRow((row, { rows }, state) => {
    if (row.kind === 'session') return { ...markToggled(row)(state), ...moved(rows, 1)(state) };
    return isFoldable(row) ? folded(row, !isExpanded(row))(state) : undefined;
  }),
  expand: onRow((row, { rows }, state) => {
    if (!isFoldable(row)) return undefined;
    return isExpanded(row) ? moved(rows, 1)(state) : folded(row, true)(state);
  }),
  collapse: onRow((row, { rows }, state) =>
    isFoldable(row) && isExpanded(row) && state.finds === null
      ? folded(row, false)(state)
      : parentSelected(rows, row)(state),
  ),
  search: (_context, state) => searchBegun(state),
  acceptSearch: (_context, state) => (state.query.trim() === '' ? searchCancelled(state) : { searching: false }),
  cancelSearch: (_context, state) => searchCancelled(state),
  clearSearch: ({ rows }, state) => (state.query === '' ? marksCleared(state) : searchEnded(rows)(state)),
  eraseCharacter: (_context, state) => ({ query: [...state.query].slice(0, -1).join('') }),
  eraseWord: (_context, state) => ({ query: state.query.replace(/\S+\s*$/, '') }),
  eraseQuery: () => ({ query: '' }),
  refresh: ({ actions }) => {
    actions.refresh();
    return { failuresSeen: Date.now() };
  },
  inspect: onPanel('inspect'),
  cycleView: onPanel('cycleView'),
  panelFull: onPanel('panelFull'),
  panelFold: onPanel('panelFold'),
  panelUp: onPanel('panelUp'),
  panelDown: onPanel('panelDown'),
  panelHalfUp: onPanel('panelHalfUp'),
  panelHalfDown: onPanel('panelHalfDown'),
  panelPageUp: onPanel('panelPageUp'),
  panelPageDown: onPanel('panelPageDown'),
  panelTop: onPanel('panelTop'),
  panelBottom: onPanel('panelBottom'),
  authenticate: onRow((row, { actions }, { seenKeyWarnings }) => {
    const entry = entryOfRow(row);
    if (entry === null) return undefined;
    actions.authenticate(entry.host.alias);
    return { seenKeyWarnings: withKeyWarningSeen(seenKeyWarnings, entry) };
  }),
  submit: atDesk((desk) => desk.submit()),
  eraseAnswerCharacter: atDesk((desk) => desk.eraseCharacter()),
  eraseAnswer: atDesk((desk) => desk.eraseAll()),
  cancelAuthentication: atDesk((desk) => desk.cancel()),
  trust: atDesk((desk) => desk.trust()),
  distrust: atDesk((desk) => desk.distrust()),
  useTerminal: atDesk((desk) => desk.useTerminal()),
  errorDetail: ({ row }, state) => showError(row, state),
  dismissFailures: () => ({ failuresSeen: Date.now(), hint: null }),
  messages: ({ dialogs }, state) => {
    dialogs.began();
    dialogs.pager(messageLog(state.messages));
    return { failuresSeen: Date.now() };
  },
  help: () => ({ helpShown: true, helpTop: 0 }),
  scrollUp: scrollHelp(() => -1),
  scrollDown: scrollHelp(() => 1),
  scrollPageUp: scrollHelp(({ pageSize }) => -pageSize),
  scrollPageDown: scrollHelp(({ pageSize }) => pageSize),
  close: () => ({ helpShown: false, errorShown: false }),
  showArchived: (_context, { settings }) => ({ settings: { ...settings, showArchived: !settings.showArchived } }),
  triage: ({ items }, state) => triageBegun(items)(state),
  leaveTriage: (_context, state) => triageLeft(state),
  triageUp: ({ items }, state) => triageMoved(items, -1)(state),
  triageDown: ({ items }, state) => triageMoved(items, 1)(state),
  triageTop: ({ items }, state) => triageMoved(items, -items.length)(state),
  triageBottom: ({ items }, state) => triageMoved(items, items.length)(state),
  triagePageUp: ({ triageLast }, state) => triageScrolled(-TRIAGE_PAGE_LINES, triageLast)(state),
  triagePageDown: ({ triageLast }, state) => triageScrolled(TRIAGE_PAGE_LINES, triageLast)(state),
  triageAttach: onItem(({ entry, session }, { actions }) => {
    actions.attach(entry.host.alias, session.id, true);
    return undefined;
  }),
  triageShow: onItem((item, _context, state) => ({ ...revealed(state, item), triage: null })),
  nextAttention: ({ items }, state) => attentionJumped(items, 1)(state),
  previousAttention: ({ items }, state) => attentionJumped(items, -1)(state),
  markRange: onRow((row, { rows }, state) => (row.kind === 'session' ? rangeMarked(rows, row)(state) : undefined)),
  fleet: () => undefined,
  repaint: ({ actions }) => {
    actions.repaint();
    return undefined;
  },
  suspend: ({ actions }) => {
    actions.suspend();
    return undefined;
  },
  quit: ({ actions }) => {
    actions.quit();
    return undefined;
  },
};

/** Performs a key's action. */
export function perform({ action, fleet }: Pick<Binding, 'action' | 'fleet'>, context: PerformContext): void {
  const state = context.store.getState();
  if (fleet !== undefined) context.actions.run(fleet, actionTarget(state, context.row, context.items));
  const change = PERFORM[action](context, state);
  if (change !== undefined) context.store.setState(change);
}

const KEY_LINES = [
  'Someone may be intercepting the connection, or the host was reinstalled. Compare with the key on the host itself:',
  '  for key in /etc/ssh/ssh_host_*_key.pub; do ssh-keygen -lf $key; done',
];

/** On a host its own error comes before that of a toast; on rows below it, after. */
function showError(row: Row | undefined, state: OcrState): Partial<OcrState> {
  const entry = row === undefined ? null : entryOfRow(row);
  const failure = entry?.failure ?? null;
  if (entry !== null && failure === null && (row?.kind === 'host' || state.error === null)) {
    const warning = keyWarningOf(entry, state.seenKeyWarnings);
    if (warning !== null) {
      const error = { title: `${entry.host.label}: host key changed`, lines: [warning.text, ...KEY_LINES] };
      return { error, errorShown: true, seenKeyWarnings: withKeyWarningSeen(state.seenKeyWarnings, entry) };
    }
  }
  if (entry === null || failure === null || (row?.kind !== 'host' && state.error !== null)) {
    return { errorShown: state.error !== null, failuresSeen: Date.now() };
  }
  const title = `${entry.host.label}: ${failureText(failure)}`;
  const lines = [...(failure.hint?.split('\n') ?? []), ...(failure.status === 'no-opencode' ? INSTALL_LINES : [])];
  return { error: { title, lines }, errorShown: true };
}
