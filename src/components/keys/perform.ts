import type { QuestionDesk } from '../../actions/question-desk.ts';
import { withKeyWarningSeen } from '../../store/key-warnings.ts';
import { allMarked, markToggled, rangeMarked } from '../../store/marks.ts';
import { entryOfRow, type Row, sessionOfRow } from '../../store/rows.ts';
import { sortedBy } from '../../store/sorted-by.ts';
import type { OcrState } from '../../store/state.ts';
import { requestScrolled, revealed } from '../../store/triage.ts';
import { inputBegun, inputCancelled } from '../../store/typed-line.ts';
import { VIEW_NAMES, type ViewName } from '../../store/view.ts';
import { allUnfolded, folded, isFoldable, moved, parentSelected, searchEnded } from '../../store/view-transitions.ts';
import { lastViewShown, travelled, viewShown } from '../../store/view-travels.ts';
import { type PanelAction, performPanel } from '../inspect/perform-panel.ts';
import { nextMeasure, stepRange } from '../pulse/pulse-input.ts';
import { viewOf } from '../views/views.ts';
import { actionTarget } from './action-target.ts';
import type { ActionId, Binding } from './binding.ts';
import type { Perform, PerformContext } from './perform-context.ts';
import { acceptInput, completeInput, inputMoved } from './perform-input.ts';
import { activate, close, isExpanded, jumped, leave } from './perform-row.ts';
import { showError } from './show-error.ts';

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

/** Closes a full panel, so that it does not cover another view. */
function panelClosedInFull({ detail }: OcrState): Partial<OcrState> {
  return detail.full ? { detail: { ...detail, full: false } } : {};
}

const TABS: readonly ViewName[] = VIEW_NAMES;

const stepView =
  (steps: 1 | -1): Perform =>
  (_context, state) => {
    const at = TABS.indexOf(state.view) + steps;
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
    if (state.view === 'triage') {
      // The first line of the pane is a rule.
      const height = (panel?.area.height ?? 0) - 1;
      return requestScrolled(sign * Math.max(1, Math.floor(height / 2)), requestLast)(state);
    }
    if (state.inspecting && panel !== null && viewOf(state.view).pane === 'panel')
      return performPanel(sign > 0 ? 'panelHalfDown' : 'panelHalfUp', context.row, state, panel);
    return moved(context.rows, sign * Math.max(1, Math.floor(pageSize / 2)))(state);
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
  help: () => ({ help: { query: '', selected: 0, isBinding: false } }),
  helpBind: (_context, { help }) => (help === null ? {} : { help: { ...help, isBinding: true } }),
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
  editConfig: outside(({ actions }) => actions.editConfig()),
  startDemo: outside(({ actions }) => actions.startDemo()),
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
