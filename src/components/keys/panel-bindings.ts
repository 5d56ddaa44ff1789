import { sessionOfRow } from '../../store/rows.ts';
import type { ViewName } from '../../store/view.ts';
import { foldDisabledReason } from '../inspect/perform-panel.ts';
import type { ActionId, Binding, Mode } from './binding.ts';
import { attachDisabledReason } from './fleet-bindings.ts';

const PANEL: readonly Mode[] = ['panel'];
const BOTH: readonly Mode[] = ['list', 'panel'];
/** Views with a panel for the selected row. */
const WITH_PANEL: readonly ViewName[] = ['fleet', 'sessions', 'hosts', 'finds'];

const bind = (
  name: string,
  action: ActionId,
  keys: readonly string[],
  modes: readonly Mode[],
  hint: Binding['hint'],
  description: string,
  disabled?: Binding['disabled'],
): Binding => ({
  name,
  action,
  keys,
  modes,
  views: WITH_PANEL,
  group: 'panel',
  hint,
  description,
  ...(disabled === undefined ? {} : { disabled }),
});

/** Keys of the inspect panel. */
export const panelBindings: readonly Binding[] = [
  bind('inspect', 'inspect', ['i'], BOTH, 'Panel', 'Open or close the panel.'),
  bind(
    'cycle_view',
    'cycleView',
    ['tab'],
    BOTH,
    ({ state }) => (state.inspecting ? 'Next tab' : 'Panel'),
    'Open the panel, step through its tabs and close it after the last.',
  ),
  bind('previous_tab', 'previousTab', ['shift+tab'], BOTH, 'Previous tab', 'Go to the previous tab of the panel.'),
  bind('full_screen', 'panelFull', ['v'], ['list'], 'Full screen', 'Show the panel in full.'),
  bind('larger', 'panelLarger', ['+'], ['list'], 'Larger', 'Make the panel larger.'),
  bind('smaller', 'panelSmaller', ['_'], ['list'], 'Smaller', 'Make the panel smaller.'),
  bind(
    'unfold_tools',
    'panelFold',
    ['T'],
    BOTH,
    'Unfold tools',
    'Show tool input and output, or all diffs.',
    ({ state, row }) => foldDisabledReason(state, row),
  ),
  bind('panel_open', 'activate', ['enter'], PANEL, 'Open', 'In the full panel: open the session.', ({ row, state }) => {
    const of = sessionOfRow(row);
    return of === null ? null : attachDisabledReason(state, of.entry.host);
  }),
  bind('panel_up', 'panelUp', ['up', 'k'], PANEL, 'Up', 'In the full panel: scroll up a line.'),
  bind('panel_down', 'panelDown', ['down', 'j'], PANEL, 'Down', 'In the full panel: scroll down a line.'),
  bind('panel_page_up', 'panelPageUp', ['pgup', 'ctrl+b'], PANEL, 'Page up', 'In the full panel: scroll a page up.'),
  bind(
    'panel_page_down',
    'panelPageDown',
    ['pgdn', 'ctrl+f', 'space'],
    PANEL,
    'Page down',
    'In the full panel: scroll a page down.',
  ),
  bind('panel_top', 'panelTop', ['home', 'g g', '<'], PANEL, 'Top', 'In the full panel: go to the top.'),
  bind(
    'panel_bottom',
    'panelBottom',
    ['end', 'G', '>'],
    PANEL,
    'Bottom',
    'In the full panel: go to the end, and follow it.',
  ),
  bind('panel_back', 'panelFull', ['v', 'esc', 'q'], PANEL, 'Back', 'In the full panel: back to the list.'),
];
