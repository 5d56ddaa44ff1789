import { keyWarningOf } from '../../store/key-warnings.ts';
import { hasFailures } from '../../store/messages.ts';
import { entryOfRow, sessionOfRow } from '../../store/rows.ts';
import type { ViewName } from '../../store/view.ts';
import { isFoldable } from '../../store/view-transitions.ts';
import { viewOf } from '../views/views.ts';
import { isFirstRun } from '../welcome/first-run.ts';
import { authenticateDisabledReason } from './auth-bindings.ts';
import type { ActionId, Binding, BindingContext, HelpGroup, Mode } from './binding.ts';
import { attachDisabledReason, requestOf } from './fleet-bindings.ts';

const LIST: readonly Mode[] = ['list'];
const LIST_AND_PANEL: readonly Mode[] = ['list', 'panel'];
const FLEET: readonly ViewName[] = ['fleet'];
/** Views whose rows a filter chooses from. */
const FILTERED: readonly ViewName[] = ['fleet', 'sessions', 'hosts', 'triage'];
const TABLES: readonly ViewName[] = ['sessions', 'hosts'];

type Traits = Partial<Pick<Binding, 'modes' | 'views' | 'disabled'>>;

const bind = (
  name: string,
  action: ActionId,
  keys: readonly string[],
  group: HelpGroup,
  hint: Binding['hint'],
  description: string,
  traits: Traits = {},
): Binding => ({ name, action, keys, modes: LIST, group, hint, description, ...traits });

const noSession = ({ row }: BindingContext) => (sessionOfRow(row) === null ? 'Select a session first' : null);
const nothingInside = ({ row }: BindingContext) =>
  row !== undefined && (row.kind === 'session' || isFoldable(row)) ? null : 'Nothing inside';
const noAttention = ({ items }: BindingContext) => (items.length === 0 ? 'Nothing needs you' : null);

function cannotOpen({ row, state }: BindingContext): string | null {
  const of = sessionOfRow(row);
  return of === null ? 'Select a session first' : attachDisabledReason(state, of.entry.host);
}

function enterHint({ row, state }: BindingContext): string {
  if (row?.kind === 'more') return 'Show all';
  if (row?.kind === 'message') return 'Details';
  if (row?.kind === 'find') return 'Read';
  if (row?.kind === 'spender') return 'Sessions';
  if (row?.kind === 'host' && state.view === 'hosts') return 'Sessions';
  const of = sessionOfRow(row);
  if (of !== null) return state.settings.enterAnswers && requestOf(state, of) !== null ? 'Answer' : 'Open';
  if (row === undefined) return 'Open';
  return 'expanded' in row && row.expanded ? 'Fold' : 'Unfold';
}

/** Keys for the selected row. */
export const rowBindings: readonly Binding[] = [
  bind(
    'attach',
    'activate',
    ['enter'],
    'row',
    enterHint,
    'Answer the pending request, or open the session; on host and project unfold or fold.',
    {
      disabled: (context) => {
        const { row } = context;
        const of = sessionOfRow(row);
        if (row?.kind === 'find') return null;
        if (of !== null) return cannotOpen(context);
        return row?.kind === 'more' || row?.kind === 'message' || row?.kind === 'spender' || (row && isFoldable(row))
          ? null
          : 'Nothing to open';
      },
    },
  ),
  bind('open', 'open', ['o'], 'row', 'Open', 'Open the session even while it asks.', {
    disabled: cannotOpen,
    modes: LIST_AND_PANEL,
  }),
];

/** Keys that move the cursor. Those of `close` come first: a failure is on top of all. */
export const moveBindings: readonly Binding[] = [
  bind('up', 'up', ['up', 'k'], 'move', 'Up', 'Move the cursor up.'),
  bind('down', 'down', ['down', 'j'], 'move', 'Down', 'Move the cursor down.'),
  bind('fold', 'collapse', ['left', 'h'], 'move', 'Parent', 'Fold the row, or go to its parent.', { views: FLEET }),
  bind(
    'unfold',
    'expand',
    ['right', 'l'],
    'move',
    'Unfold',
    'Unfold the row or enter it; on a session its subagents.',
    { views: FLEET },
  ),
  bind('unfold_all', 'expandAll', ['O'], 'move', 'Unfold all', 'Unfold everything below the row; again folds it.', {
    views: FLEET,
    disabled: ({ row }) => (row?.kind === 'host' || row?.kind === 'project' ? null : 'Nothing inside'),
  }),
  bind('top', 'top', ['home', 'g g', '<'], 'move', 'Top', 'Go to the first row.'),
  bind('bottom', 'bottom', ['end', 'G', '>'], 'move', 'Bottom', 'Go to the last row.'),
  bind(
    'half_page_down',
    'halfDown',
    ['ctrl+d'],
    'move',
    'Half page',
    'Scroll the panel or the request where one is open, else the list.',
    { modes: LIST_AND_PANEL },
  ),
  bind(
    'half_page_up',
    'halfUp',
    ['ctrl+u'],
    'move',
    'Half page',
    'Scroll the panel or the request up, else the list.',
    { modes: LIST_AND_PANEL },
  ),
  bind('page_down', 'pageDown', ['pgdn', 'ctrl+f'], 'move', 'Page down', 'Move a page down.'),
  bind('page_up', 'pageUp', ['pgup', 'ctrl+b'], 'move', 'Page up', 'Move a page up.'),
  bind(
    'next_needed',
    'nextAttention',
    [']'],
    'move',
    'Next',
    'Go to the next session that needs you, in the order of Triage.',
    { disabled: noAttention },
  ),
  bind(
    'previous_needed',
    'previousAttention',
    ['['],
    'move',
    'Previous',
    'Go to the previous session that needs you.',
    { disabled: noAttention },
  ),
  bind('back', 'back', ['ctrl+o', 'alt+left'], 'move', 'Back', 'Go to the previous place.', {
    disabled: ({ state }) => (state.travels.back.length === 0 ? 'Nothing to go back to' : null),
  }),
  bind('forward', 'forward', ['alt+right'], 'move', 'Forward', 'Go forward again after going back.', {
    disabled: ({ state }) => (state.travels.forward.length === 0 ? 'Nothing to go forward to' : null),
  }),
  bind('show_in_tree', 'showInTree', ['l', 'right'], 'move', 'In tree', 'Show the session in the tree.', {
    views: ['triage', 'sessions', 'finds'],
    disabled: noSession,
  }),
];

/** Keys for marks. */
export const markBindings: readonly Binding[] = [
  bind('mark', 'toggle', ['space'], 'marks', 'Mark', 'Mark the session; on host and project fold or unfold.', {
    disabled: (context) => (context.row?.kind === 'need' ? null : nothingInside(context)),
  }),
  bind('mark_range', 'markRange', ['V', 'ctrl+space'], 'marks', 'Mark range', 'Mark from the last mark to here.', {
    disabled: noSession,
  }),
  bind('mark_all', 'markAll', ['ctrl+a'], 'marks', 'Mark all', 'Mark every session that this view lists.'),
];

/** Keys that lead to other views. */
export const viewBindings: readonly Binding[] = [
  bind('view_fleet', 'showFleet', ['1'], 'views', 'Fleet', 'Show hosts, projects and sessions as a tree.', {
    modes: LIST_AND_PANEL,
  }),
  bind('view_sessions', 'showSessions', ['2'], 'views', 'Sessions', 'Show all sessions in one table.', {
    modes: LIST_AND_PANEL,
  }),
  bind('view_hosts', 'showHosts', ['3'], 'views', 'Hosts', 'Show all hosts in one table.', { modes: LIST_AND_PANEL }),
  bind(
    'view_triage',
    'showTriage',
    ['4', 't'],
    'views',
    'Triage',
    'List every session that needs you, with what it asks.',
    { modes: LIST_AND_PANEL },
  ),
  bind('view_pulse', 'showPulse', ['5'], 'views', 'Pulse', 'Show the fleet over time: states, tokens, money, load.', {
    modes: LIST_AND_PANEL,
  }),
  bind(
    'view_log',
    'showLog',
    ['6', '@'],
    'views',
    'Log',
    'List the last 500 messages, with the details of each failure.',
    { modes: LIST_AND_PANEL },
  ),
  bind('last_view', 'lastView', ['-'], 'views', 'Last view', 'Swap the last two views.'),
  bind('next_view', 'nextView', ['g t'], 'views', 'Next view', 'Go to the next tab.'),
  bind('previous_view', 'previousView', ['g T'], 'views', 'Previous view', 'Go to the previous tab.'),
  bind('show_archived', 'showArchived', ['H'], 'views', 'Archived', 'Show archived sessions too, or hide them.', {
    views: ['fleet', 'sessions'],
  }),
];

const sort = (letter: string, by: string, word: string, views: readonly ViewName[] = TABLES): Binding => ({
  ...bind(`sort_${by}`, 'sortBy', [`S ${letter}`], 'views', `Sort by ${word}`, `Sort by ${word}; again reverses.`, {
    views,
  }),
  argument: by,
});

const LISTED: readonly ViewName[] = ['fleet', 'sessions', 'hosts'];

/** Keys for what the lists show. */
export const columnBindings: readonly Binding[] = [
  bind(
    'all_columns',
    'allColumns',
    ['ctrl+w'],
    'views',
    'All columns',
    'Show every column that fits, or those for this width.',
    { views: LISTED },
  ),
  bind(
    'hide_header',
    'hideHeader',
    ['ctrl+e'],
    'views',
    'Hide header',
    'Hide or show the header and the column heads.',
  ),
  bind(
    'save_screen',
    'saveScreen',
    ['ctrl+s'],
    'ocr',
    'Save screen',
    'Save the screen as text and with its colours, for a report.',
  ),
];

/** Keys that sort the tables. */
export const sortBindings: readonly Binding[] = [
  sort('n', 'title', 'title', ['sessions']),
  sort('h', 'host', 'host'),
  sort('p', 'project', 'project', ['sessions']),
  sort('s', 'state', 'state'),
  sort('a', 'age', 'age', ['sessions']),
  sort('c', 'cost', 'cost', ['sessions']),
  sort('g', 'agent', 'agent', ['sessions']),
  sort('m', 'model', 'model', ['sessions']),
  sort('t', 'tokens', 'tokens', ['sessions']),
  sort('r', 'rtt', 'RTT', ['hosts']),
  sort('e', 'sessions', 'sessions', ['hosts']),
  sort('n', 'need', 'need', ['hosts']),
  sort('w', 'working', 'work', ['hosts']),
];

const PULSE: readonly ViewName[] = ['pulse'];

/** Keys of the Pulse view alone. */
export const pulseBindings: readonly Binding[] = [
  bind('pulse_longer', 'pulseLonger', ['+'], 'views', 'Longer', 'In Pulse: show a longer time.', { views: PULSE }),
  bind('pulse_shorter', 'pulseShorter', ['_'], 'views', 'Shorter', 'In Pulse: show a shorter time.', { views: PULSE }),
  bind(
    'pulse_measure',
    'pulseMeasure',
    ['m'],
    'views',
    'Measure',
    'In Pulse: compare projects by money, tokens or turns.',
    { views: PULSE },
  ),
];

/** Keys to find and to run. */
export const findBindings: readonly Binding[] = [
  bind('search', 'filter', ['/'], 'find', 'Filter', 'Filter this view: words, state:waiting, host:prod-*, age:<2h.', {
    views: FILTERED,
  }),
  bind('clear_filter', 'clearFilter', ['0'], 'find', 'Clear filter', 'Drop the filter.', {
    disabled: ({ state }) => (state.query === '' ? 'There is no filter' : null),
  }),
  bind('command', 'command', [':'], 'find', 'Command', 'Type a command; tab completes.', { modes: LIST_AND_PANEL }),
  bind('palette', 'palette', ['ctrl+p'], 'find', 'Commands', 'Search all actions, hosts, sessions and themes.', {
    modes: LIST_AND_PANEL,
  }),
  bind('refresh', 'refresh', ['r'], 'find', 'Refresh', 'Ask every host again now.'),
  bind('help', 'help', ['?'], 'find', 'Help', 'Keys of this row and view; Enter runs one.', { modes: LIST_AND_PANEL }),
];

/** Keys for the host of the row. */
export const hostBindings: readonly Binding[] = [
  bind('authenticate', 'authenticate', ['a'], 'host', 'Connect…', 'Log in to the host, or look at its new key.', {
    disabled: ({ row }) => authenticateDisabledReason(row, 'e'),
  }),
  bind(
    'error_detail',
    'errorDetail',
    ['e'],
    'host',
    'Why',
    'Show the last failure in full, or why a host cannot be read.',
    {
      disabled: ({ state, row }) => {
        const entry = row === undefined ? null : entryOfRow(row);
        const isWarned = entry !== null && keyWarningOf(entry, state.seenKeyWarnings) !== null;
        const isErrored = row !== undefined && (sessionOfRow(row)?.session.error ?? null) !== null;
        return state.error !== null || entry?.failure || isWarned || isErrored ? null : 'No error';
      },
    },
  ),
];

const NOTHING_TO_CLOSE = 'Nothing to close. q quits';

/** Returns what Esc closes now; `null` at the root with nothing on it. */
export function closable({
  state,
}: Pick<BindingContext, 'state'>): 'failure' | 'marks' | 'filter' | 'panel' | 'view' | null {
  if (hasFailures(state)) return 'failure';
  if (state.inspecting && viewOf(state.view).pane === 'panel') return 'panel';
  if (state.marked.size > 0) return 'marks';
  if (state.query !== '') return 'filter';
  return state.view === 'fleet' ? null : 'view';
}

const CLOSE_HINTS = {
  failure: 'Dismiss',
  marks: 'Unmark',
  filter: 'Clear filter',
  panel: 'Close panel',
  view: 'Back',
} as const;

const notFirstRun = ({ state }: BindingContext) => (isFirstRun(state) ? null : 'Only without hosts');

/** Keys of the panel that is shown until there is a host. */
export const firstRunBindings: readonly Binding[] = [
  bind('edit_config', 'editConfig', ['E'], 'ocr', 'Edit config', 'Without hosts: edit the configuration in $EDITOR.', {
    views: FLEET,
    disabled: notFirstRun,
  }),
  bind('demo', 'startDemo', ['D'], 'ocr', 'Demo', 'Without hosts: try simulated ones.', {
    views: FLEET,
    disabled: notFirstRun,
  }),
];

/** Keys that lead out, one layer at a time. */
export const wayOutBindings: readonly Binding[] = [
  bind(
    'close',
    'close',
    ['esc'],
    'ocr',
    (context) => CLOSE_HINTS[closable(context) ?? 'view'],
    'One layer back: dismiss a failure, unmark, clear the filter, leave the view.',
    {
      disabled: (context) => (closable(context) === null ? NOTHING_TO_CLOSE : null),
    },
  ),
  bind('quit', 'quit', ['q'], 'ocr', 'Quit', 'Quit from Fleet; go back from any other view.', { views: FLEET }),
  bind('leave', 'leave', ['q'], 'ocr', 'Back', 'Go back to the view before.', {
    views: ['sessions', 'hosts', 'triage', 'pulse', 'log', 'finds'],
  }),
];
