import type { FleetKeys } from '../../actions/fleet/fleet-actions.ts';
import { keyWarningOf } from '../../store/key-warnings.ts';
import { hasFailures } from '../../store/messages.ts';
import { entryOfRow } from '../../store/rows.ts';
import { isFoldable } from '../../store/view-transitions.ts';
import { authBindings, authenticateDisabledReason } from './auth-bindings.ts';
import type { Binding, BindingContext, Mode } from './binding.ts';
import { attachDisabledReason, attentionBindings, fleetBindings } from './fleet-bindings.ts';
import { panelBindings } from './panel-bindings.ts';

/** Keybindings in the configuration for actions that can be remapped. */
export type ConfiguredKeys = Readonly<
  Record<'attach' | 'search' | 'refresh' | 'quit' | 'inspect' | 'cycle_view' | 'authenticate' | 'error_detail', string>
> &
  FleetKeys;

/** Every mode, for keys that are never text. */
const everywhere: readonly Mode[] = [
  'tree',
  'triage',
  'panel',
  'search',
  'error',
  'help',
  'auth',
  'trust',
  'form',
  'dialog',
];
const tree: readonly Mode[] = ['tree'];
const search: readonly Mode[] = ['search'];
const help: readonly Mode[] = ['help'];

const nothingToToggle = ({ row }: BindingContext) =>
  row !== undefined && (row.kind === 'session' || isFoldable(row)) ? null : 'Nothing inside';

const listed: readonly Mode[] = ['tree', 'triage', 'panel'];
const NOTHING_TO_CLOSE = 'Nothing to close';

const SCROLL_HELP = 'While the keys are shown: scroll.';

/** All bindings, with the keys that the configuration chose. */
export function createBindings(keys: ConfiguredKeys): readonly Binding[] {
  return [
    {
      action: 'activate',
      keys: [keys.attach],
      modes: tree,
      hint: ({ row }) => (row?.kind === 'session' ? 'attach' : row?.kind === 'more' ? 'show all' : 'unfold'),
      description: 'Open the session, with its pending request first; on host and project unfold or fold.',
      footer: true,
      disabled: ({ row, state }) => {
        if (row?.kind === 'session') return attachDisabledReason(state, row.entry.host);
        return row?.kind === 'more' || (row && isFoldable(row)) ? null : 'Nothing to open';
      },
    },
    {
      action: 'toggle',
      keys: ['space'],
      modes: tree,
      hint: 'mark',
      description: 'Mark the session; on host and project fold or unfold.',
      footer: false,
      disabled: nothingToToggle,
    },
    { action: 'up', keys: ['up', 'k'], modes: tree, hint: 'up', description: 'Move the cursor up.', footer: false },
    {
      action: 'down',
      keys: ['down', 'j'],
      modes: tree,
      hint: 'down',
      description: 'Move the cursor down.',
      footer: false,
    },
    {
      action: 'collapse',
      keys: ['left', 'h'],
      modes: tree,
      hint: 'fold',
      description: 'Fold the row, or go to its parent.',
      footer: false,
    },
    {
      action: 'expand',
      keys: ['right', 'l'],
      modes: tree,
      hint: 'unfold',
      description: 'Unfold the row or enter it; on a session its subagents.',
      footer: false,
    },
    { action: 'top', keys: ['home'], modes: tree, hint: 'first', description: 'Go to the first row.', footer: false },
    {
      action: 'bottom',
      keys: ['end', 'G'],
      modes: tree,
      hint: 'last',
      description: 'Go to the last row.',
      footer: false,
    },
    {
      action: 'pageUp',
      keys: ['pgup', 'ctrl+b'],
      modes: tree,
      hint: 'page up',
      description: 'Move a page up.',
      footer: false,
    },
    {
      action: 'pageDown',
      keys: ['pgdn', 'ctrl+f'],
      modes: tree,
      hint: 'page down',
      description: 'Move a page down.',
      footer: false,
    },
    // Must come before the other bindings of esc: a failure is on top of them.
    {
      action: 'dismissFailures',
      keys: ['esc'],
      modes: listed,
      hint: 'dismiss',
      description: 'Dismiss the failure; `@` still lists it.',
      footer: false,
      disabled: ({ state }) => (hasFailures(state) ? null : NOTHING_TO_CLOSE),
    },
    ...attentionBindings.slice(0, 3),
    ...fleetBindings(keys),
    ...attentionBindings.slice(3),
    {
      action: 'search',
      keys: [keys.search],
      modes: tree,
      hint: 'search',
      description: 'Search hosts, projects, folders, titles and ids; tolerates typos.',
      footer: true,
    },
    {
      action: 'clearSearch',
      keys: ['esc'],
      modes: tree,
      hint: ({ state }) => (state.query === '' ? 'unmark' : 'all rows'),
      description: 'Clear the search, or unmark all.',
      footer: true,
      disabled: ({ state }) => (state.query === '' && state.marked.size === 0 ? NOTHING_TO_CLOSE : null),
    },
    {
      action: 'showArchived',
      keys: ['H'],
      modes: tree,
      hint: 'archived',
      description: 'Show archived sessions too, or hide them.',
      footer: false,
    },
    {
      action: 'refresh',
      keys: [keys.refresh],
      modes: ['tree', 'triage'],
      hint: 'refresh',
      description: 'Ask every host again now.',
      footer: true,
    },
    ...panelBindings(keys),
    {
      action: 'authenticate',
      keys: [keys.authenticate],
      modes: tree,
      hint: 'authenticate',
      description: 'Log in to the host, or look at its new key.',
      footer: true,
      disabled: ({ row }) => authenticateDisabledReason(row, keys.error_detail),
    },
    {
      action: 'errorDetail',
      keys: [keys.error_detail],
      modes: ['tree', 'triage'],
      hint: 'error',
      description: 'Show the last failure in full, or why a host cannot be read.',
      footer: true,
      disabled: ({ state, row }) => {
        const entry = row === undefined ? null : entryOfRow(row);
        const isWarned = entry !== null && keyWarningOf(entry, state.seenKeyWarnings) !== null;
        return state.error !== null || entry?.failure || isWarned ? null : 'No error';
      },
    },
    {
      action: 'messages',
      keys: ['@'],
      modes: listed,
      hint: 'messages',
      description: 'List the last 500 messages, with the details of each failure.',
      footer: false,
    },
    {
      action: 'help',
      keys: ['?'],
      modes: ['tree', 'triage'],
      hint: 'keys',
      description: 'Show all keys.',
      footer: true,
    },
    { action: 'quit', keys: [keys.quit], modes: tree, hint: 'quit', description: 'Quit ocr.', footer: true },
    {
      action: 'quit',
      keys: ['ctrl+c'],
      modes: everywhere,
      hint: 'quit',
      description: 'Quit ocr from anywhere.',
      footer: false,
    },
    {
      action: 'suspend',
      keys: ['ctrl+z'],
      modes: everywhere,
      hint: 'Suspend',
      description: 'Suspend to the shell; `fg` resumes.',
      footer: false,
    },
    {
      action: 'repaint',
      keys: ['ctrl+l'],
      modes: everywhere,
      hint: 'Repaint',
      description: 'Paint the screen again, after another program has written to it.',
      footer: false,
    },
    {
      action: 'acceptSearch',
      keys: ['enter'],
      modes: search,
      hint: 'keep',
      description: 'While searching: go to the matches.',
      footer: true,
    },
    {
      action: 'cancelSearch',
      keys: ['esc'],
      modes: search,
      hint: 'cancel',
      description: 'While searching: cancel the search.',
      footer: true,
    },
    {
      action: 'up',
      keys: ['up'],
      modes: search,
      hint: 'up',
      description: 'While searching: move the cursor up.',
      footer: false,
    },
    {
      action: 'down',
      keys: ['down'],
      modes: search,
      hint: 'down',
      description: 'While searching: move the cursor down.',
      footer: false,
    },
    {
      action: 'eraseCharacter',
      keys: ['backspace', 'delete'],
      modes: search,
      hint: 'erase',
      description: 'While searching: erase the last character.',
      footer: false,
    },
    {
      action: 'eraseWord',
      keys: ['ctrl+w'],
      modes: search,
      hint: 'erase word',
      description: 'While searching: erase the last word.',
      footer: false,
    },
    {
      action: 'eraseQuery',
      keys: ['ctrl+u'],
      modes: search,
      hint: 'erase all',
      description: 'While searching: erase all.',
      footer: true,
    },
    ...authBindings,
    { action: 'scrollUp', keys: ['up', 'k'], modes: help, hint: 'up', description: SCROLL_HELP, footer: true },
    { action: 'scrollDown', keys: ['down', 'j'], modes: help, hint: 'down', description: SCROLL_HELP, footer: true },
    {
      action: 'scrollPageUp',
      keys: ['pgup', 'ctrl+b'],
      modes: help,
      hint: 'page up',
      description: SCROLL_HELP,
      footer: false,
    },
    {
      action: 'scrollPageDown',
      keys: ['pgdn', 'ctrl+f', 'space'],
      modes: help,
      hint: 'page down',
      description: SCROLL_HELP,
      footer: false,
    },
    {
      action: 'close',
      keys: ['esc', 'q', 'enter', '?', keys.error_detail],
      modes: ['error', 'help'],
      hint: 'close',
      description: 'Close this window.',
      footer: true,
    },
  ];
}
