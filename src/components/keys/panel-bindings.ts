import { foldDisabledReason, panelDisabledReason } from '../inspect/perform-panel.ts';
import type { Binding, BindingContext, Mode } from './binding.ts';
import { attachDisabledReason } from './fleet-bindings.ts';

const tree: readonly Mode[] = ['tree'];
const panel: readonly Mode[] = ['panel'];
const both: readonly Mode[] = ['tree', 'panel'];

const closed = ({ state }: BindingContext) => panelDisabledReason(state);
const FULL = 'In the full panel: scroll.';

const scroll = (action: Binding['action'], keys: readonly string[], hint: string, footer = false): Binding => ({
  action,
  keys,
  modes: panel,
  hint,
  description: FULL,
  footer,
});

/** Keys of the inspect panel, in the order of the help screen. */
export function panelBindings(keys: Readonly<Record<'inspect' | 'cycle_view' | 'attach', string>>): readonly Binding[] {
  return [
    {
      action: 'inspect',
      keys: [keys.inspect],
      modes: both,
      hint: 'inspect',
      description: 'Open or close the panel.',
      footer: true,
    },
    {
      action: 'cycleView',
      keys: [keys.cycle_view],
      modes: ['tree', 'search', 'panel'],
      hint: ({ state }) => (state.inspecting ? 'next tab' : 'panel'),
      description: 'Open the panel, step through its tabs and close it after the last.',
      footer: false,
    },
    {
      action: 'panelFull',
      keys: ['v'],
      modes: tree,
      hint: 'full',
      description: 'Show the panel in full.',
      footer: false,
    },
    {
      action: 'panelHalfDown',
      keys: ['ctrl+d'],
      modes: both,
      hint: 'scroll',
      description: 'Scroll the panel half a page down; at the end, follow the transcript.',
      footer: false,
      disabled: closed,
    },
    {
      action: 'panelHalfUp',
      keys: ['ctrl+u'],
      modes: both,
      hint: 'scroll',
      description: 'Scroll the panel half a page up.',
      footer: false,
      disabled: closed,
    },
    {
      action: 'panelFold',
      keys: ['T'],
      modes: both,
      hint: 'fold',
      description: 'Show tool input and output, or all diffs.',
      footer: false,
      disabled: ({ state, row }) => foldDisabledReason(state, row),
    },
    {
      action: 'activate',
      keys: [keys.attach],
      modes: panel,
      hint: 'attach',
      description: 'In the full panel: open the session.',
      footer: true,
      disabled: ({ row, state }) =>
        row?.kind === 'session' ? attachDisabledReason(state, row.entry.host) : 'Select a session first',
    },
    scroll('panelUp', ['up', 'k'], 'up', true),
    scroll('panelDown', ['down', 'j'], 'down', true),
    scroll('panelPageUp', ['pgup', 'ctrl+b'], 'page up'),
    scroll('panelPageDown', ['pgdn', 'ctrl+f', 'space'], 'page down'),
    scroll('panelTop', ['home', 'g'], 'top'),
    scroll('panelBottom', ['end', 'G'], 'end'),
    {
      action: 'panelFull',
      keys: ['v', 'esc', 'q'],
      modes: panel,
      hint: 'back',
      description: 'In the full panel: back to the list.',
      footer: true,
    },
  ];
}
