import type { DialogDesk } from '../../actions/fleet/dialog-desk.ts';
import type { ActionTarget, FleetActionId } from '../../actions/fleet/fleet-actions.ts';
import { messageLog } from '../../actions/message-log.ts';
import type { QuestionDesk } from '../../actions/question-desk.ts';
import { INSTALL_LINES } from '../../domain/fleet.ts';
import type { AttentionItem } from '../../fleet/select-attention.ts';
import { keyWarningOf, withKeyWarningSeen } from '../../store/key-warnings.ts';
import { allMarked, marksCleared, markToggled, rangeMarked } from '../../store/marks.ts';
import { entryOfRow, type Row, sessionOfRow } from '../../store/rows.ts';
import { sortedBy } from '../../store/sorted-by.ts';
import { NO_KEYS, type OcrState } from '../../store/state.ts';
import type { OcrStore } from '../../store/store.ts';
import { attentionJumped, requestScrolled, revealed } from '../../store/triage.ts';
import {
  commandRemembered,
  inputBegun,
  inputCancelled,
  inputKept,
  inputPicked,
  inputRecalled,
  inputReplaced,
} from '../../store/typed-line.ts';
import { VIEW_NAMES, type ViewName } from '../../store/view.ts';
import {
  allUnfolded,
  folded,
  isFoldable,
  moreShown,
  moved,
  parentSelected,
  searchEnded,
} from '../../store/view-transitions.ts';
import { lastViewShown, travelled, viewShown } from '../../store/view-travels.ts';
import type { Choices } from '../command/choices.ts';
import type { HelpEntry } from '../help.ts';
import type { PanelView } from '../inspect/panel.ts';
import { type PanelAction, performPanel } from '../inspect/perform-panel.ts';
import { failureText } from '../list/failure-text.ts';
import { nextMeasure, stepRange } from '../pulse/pulse-input.ts';
import { viewOf } from '../views/views.ts';
import { actionTarget } from './action-target.ts';
import type { ActionId, Binding } from './binding.ts';
import { requestOf } from './fleet-bindings.ts';
import { closable } from './list-bindings.ts';

/** Actions outside the screen that a key can start. */
export interface DashboardActions {
  /** Attaches to a session. If opencode would not show its pending request, the triage view opens first, unless `anyway` is set. */
  attach(alias: string, sessionId: string, anyway?: boolean): void;
  refresh(): void;
  /** Connects to a host with prompts to the user. */
  authenticate(alias: string): void;
  /** Runs an action on hosts or sessions. */
  run(action: FleetActionId, target: ActionTarget): void;
  /** Saves the screen to files. */
  saveScreen(): void;
  /** Runs a command of the user's own. */
  ownCommand(name: string, target: ActionTarget): void;
  /** Suspends to the shell until it resumes the dashboard. */
  suspend(): void;
  /** Paints all of the screen again. */
  repaint(): void;
  /** Offers everything that can be done here. */
  palette(run: (binding: Binding) => void): void;
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
  /** The sessions that need the user, in the order of the triage view. */
  readonly items: readonly AttentionItem[];
  /** First line of a session's request when its end is visible. */
  readonly requestLast: number;
  /** The context of the inspect panel; `null` while there is none. */
  readonly panel: PanelView | null;
  /** Rows of a list. */
  readonly pageSize: number;
  /** The keys that the help lists now. */
  readonly helped: readonly HelpEntry[];
  /** Performs the action of a binding, as its key would. */
  readonly run: (binding: Binding) => void;
  /** The completions of the line that is typed. */
  readonly choices: Choices;
  /** Runs what was typed on the command line. */
  readonly runCommand: (text: string) => void;
}

type Perform = (context: PerformContext, state: OcrState, argument: string) => Partial<OcrState> | undefined;

const move =
  (steps: (context: PerformContext) => number): Perform =>
  (context, state) =>
    moved(context.rows, steps(context))(state);

/** Runs a function on the selected row, if there is one. */
const onRow =
  (perform: (row: Row, context: PerformContext, state: OcrState) => Partial<OcrState> | undefined): Perform =>
  (context, state) =>
    context.row === undefined ? undefined : perform(context.row, context, state);

/** Passes a key of the dialog to the desk. */
const atDesk =
  (tell: (desk: QuestionDesk) => void): Perform =>
  ({ desk }) => {
    tell(desk);
    return undefined;
  };

/** Does something outside the state. */
const outside =
  (tell: (context: PerformContext) => void): Perform =>
  (context) => {
    tell(context);
    return undefined;
  };

const show =
  (view: ViewName): Perform =>
  (_context, state) => ({ ...viewShown(view)(state), ...panelClosedInFull(state) });

/** A view is not covered by the panel of another one. */
function panelClosedInFull({ detail }: OcrState): Partial<OcrState> {
  return detail.full ? { detail: { ...detail, full: false } } : {};
}

const stepView =
  (steps: 1 | -1): Perform =>
  (_context, state) => {
    const at = VIEW_NAMES.indexOf(state.view) + steps;
    const view = VIEW_NAMES[(at + VIEW_NAMES.length) % VIEW_NAMES.length];
    return view === undefined ? {} : viewShown(view)(state);
  };

const moveHelp =
  (steps: (context: PerformContext) => number): Perform =>
  (context, { help }) => {
    const last = context.helped.length - 1;
    return help === null
      ? {}
      : { help: { ...help, selected: Math.max(0, Math.min(last, help.selected + steps(context))) } };
  };

/** Performs a key of the inspect panel. */
const onPanel =
  (action: PanelAction): Perform =>
  ({ row, panel }, state) =>
    performPanel(action, row, state, panel);

/** Columns or rows by which a key makes the panel larger. */
const PANEL_STEP = 4;

/** Scrolls the request or the panel by half of it, else the list. */
const half =
  (sign: 1 | -1): Perform =>
  (context, state) => {
    const { pageSize, panel, requestLast } = context;
    if (state.view === 'triage')
      return requestScrolled(sign * Math.max(1, Math.floor(pageSize / 2)), requestLast)(state);
    if (state.inspecting && panel !== null && viewOf(state.view).pane === 'panel')
      return performPanel(sign > 0 ? 'panelHalfDown' : 'panelHalfUp', context.row, state, panel);
    return moved(context.rows, sign * Math.max(1, Math.floor(pageSize / 2)))(state);
  };

const isExpanded = (row: Row) => 'expanded' in row && row.expanded;

/** Opens a session; a host of the table opens its sessions, a message its details, and all else unfolds or folds. */
function activate(row: Row, { actions, dialogs }: PerformContext, state: OcrState): Partial<OcrState> | undefined {
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
function close({ rows }: PerformContext, state: OcrState): Partial<OcrState> {
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
function leave(state: OcrState): Partial<OcrState> {
  return state.travels.back.length > 0 ? travelled('back')(state) : viewShown('fleet')(state);
}

function completeInput({ choices }: PerformContext, state: OcrState): Partial<OcrState> {
  const choice = choices.list[state.input?.picked ?? 0];
  return choice === undefined ? {} : inputReplaced(choices.from, choices.to, choice.insert)(state);
}

function acceptInput(context: PerformContext, state: OcrState): Partial<OcrState> | undefined {
  const { input } = state;
  if (input === null) return undefined;
  if (input.picked !== null) return completeInput(context, state);
  if (input.kind === 'filter') return state.query.trim() === '' ? inputCancelled(state) : inputKept(state);
  const text = input.editor.text.trim();
  context.store.setState({ ...inputKept(state), ...(text === '' ? {} : commandRemembered(text)(state)) });
  if (text !== '') context.runCommand(text);
  return undefined;
}

/** In a filter the arrows move the cursor of the list; on the command line they pick completions, or earlier commands. */
const inputMoved =
  (steps: 1 | -1): Perform =>
  ({ rows, choices }, state) => {
    if (state.input?.kind === 'filter') return moved(rows, steps)(state);
    const isPicking = steps > 0 ? choices.list.length > 0 : state.input?.picked !== null;
    return isPicking ? inputPicked(steps, choices.list.length)(state) : inputRecalled(steps > 0 ? -1 : 1)(state);
  };

const PERFORM: Readonly<Record<ActionId, Perform>> = {
  up: move(() => -1),
  down: move(() => 1),
  pageUp: move(({ pageSize }) => -pageSize),
  pageDown: move(({ pageSize }) => pageSize),
  halfUp: half(-1),
  halfDown: half(1),
  top: move(() => Number.NEGATIVE_INFINITY),
  bottom: move(({ rows }) => rows.length),
  activate: onRow(activate),
  open: onRow((row, { actions }) => {
    const of = sessionOfRow(row);
    if (of !== null) actions.attach(of.entry.host.alias, of.session.id, true);
    return undefined;
  }),
  toggle: onRow((row, { rows }, state) => {
    if (row.kind === 'session' || row.kind === 'need') return { ...markToggled(row)(state), ...moved(rows, 1)(state) };
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
  expandAll: onRow((row, _context, state) => allUnfolded(row)(state)),
  filter: (_context, state) => inputBegun('filter')(state),
  command: (_context, state) => inputBegun('command')(state),
  palette: outside(({ actions, run }) => actions.palette(run)),
  acceptInput,
  cancelInput: (_context, state) => inputCancelled(state),
  completeInput,
  inputUp: inputMoved(-1),
  inputDown: inputMoved(1),
  clearFilter: (context, state) =>
    state.view === 'fleet' ? searchEnded(context.rows)(state) : { query: '', finds: null },
  close,
  leave: (_context, state) => leave(state),
  refresh: ({ actions }) => {
    actions.refresh();
    return { failuresSeen: Date.now() };
  },
  inspect: onPanel('inspect'),
  cycleView: onPanel('cycleView'),
  previousTab: onPanel('previousTab'),
  panelLarger: (_context, { panelGrown }) => ({ panelGrown: panelGrown + PANEL_STEP }),
  panelSmaller: (_context, { panelGrown }) => ({ panelGrown: panelGrown - PANEL_STEP }),
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
  help: () => ({ help: { query: '', selected: 0 } }),
  helpUp: moveHelp(() => -1),
  helpDown: moveHelp(() => 1),
  helpPageUp: moveHelp(({ pageSize }) => -pageSize),
  helpPageDown: moveHelp(({ pageSize }) => pageSize),
  helpRun: ({ store, helped, run }, { help }) => {
    const entry = helped[help?.selected ?? 0];
    store.setState({ help: null });
    if (entry !== undefined) run(entry.binding);
    return undefined;
  },
  closeWindow: () => ({ help: null, errorShown: false }),
  showArchived: (_context, { settings }) => ({ settings: { ...settings, showArchived: !settings.showArchived } }),
  showFleet: show('fleet'),
  showSessions: show('sessions'),
  showHosts: show('hosts'),
  showTriage: show('triage'),
  showPulse: show('pulse'),
  showLog: (context, state) => ({ ...show('log')(context, state, ''), failuresSeen: Date.now() }),
  back: (_context, state) => travelled('back')(state),
  forward: (_context, state) => travelled('forward')(state),
  lastView: (_context, state) => lastViewShown(state),
  nextView: stepView(1),
  previousView: stepView(-1),
  pulseLonger: (_context, { pulse }) => ({ pulse: { ...pulse, range: stepRange(pulse.range, 1) } }),
  pulseShorter: (_context, { pulse }) => ({ pulse: { ...pulse, range: stepRange(pulse.range, -1) } }),
  pulseMeasure: (_context, { pulse }) => ({ pulse: { ...pulse, measure: nextMeasure(pulse.measure) } }),
  allColumns: (_context, { allColumns }) => ({ allColumns: !allColumns }),
  hideHeader: (_context, { headerHidden }) => ({ headerHidden: !headerHidden }),
  saveScreen: outside(({ actions }) => actions.saveScreen()),
  sortBy: (_context, state, argument) => sortedBy(state.view === 'hosts' ? 'hosts' : 'sessions', argument)(state),
  applyFilter: (_context, _state, argument) => ({ query: argument, finds: null }),
  ownCommand: ({ actions, row }, state, name) => {
    actions.ownCommand(name, actionTarget(state, row));
    return undefined;
  },
  showInTree: onRow((row, _context, state) => {
    const of = sessionOfRow(row);
    return of === null ? undefined : { ...viewShown('fleet', '')(state), ...revealed({ ...state, query: '' }, of) };
  }),
  nextAttention: ({ items, rows }, state) => jumped(items, rows, 1, state),
  previousAttention: ({ items, rows }, state) => jumped(items, rows, -1, state),
  markRange: onRow((row, { rows }, state) =>
    row.kind === 'session' || row.kind === 'need' ? rangeMarked(rows, row)(state) : undefined,
  ),
  markAll: ({ rows }, state) => allMarked(rows)(state),
  fleet: () => undefined,
  repaint: outside(({ actions }) => actions.repaint()),
  suspend: outside(({ actions }) => actions.suspend()),
  quit: outside(({ actions }) => actions.quit()),
};

/** In Triage the next one is the row below; in the tree the session is unfolded; elsewhere its row is selected, if it is listed. */
function jumped(
  items: readonly AttentionItem[],
  rows: readonly Row[],
  steps: 1 | -1,
  state: OcrState,
): Partial<OcrState> {
  if (state.view === 'triage') return moved(rows, steps)(state);
  const jump = attentionJumped(items, steps)(state);
  return state.view === 'fleet' ? jump : { ...viewShown('fleet', '')(state), ...jump };
}

/** Performs a key's action. */
export function perform(
  { action, fleet, argument = '' }: Pick<Binding, 'action' | 'fleet' | 'argument'>,
  context: PerformContext,
): void {
  const state = context.store.getState();
  if (fleet !== undefined) context.actions.run(fleet, actionTarget(state, context.row));
  const change = PERFORM[action](context, state, argument);
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
