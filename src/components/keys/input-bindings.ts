import type { ActionId, Binding, Mode } from './binding.ts';

const LINE: readonly Mode[] = ['filter', 'command'];

const bind = (
  name: string,
  action: ActionId,
  keys: readonly string[],
  hint: Binding['hint'],
  description: string,
): Binding => ({
  name,
  action,
  keys,
  modes: LINE,
  group: 'typing',
  hint,
  description,
});

/** Keys while a filter or a command is typed; all others edit it, as in a shell. */
export const inputBindings: readonly Binding[] = [
  bind(
    'input_accept',
    'acceptInput',
    ['enter'],
    ({ state }) => (state.input?.kind === 'command' ? 'Run' : 'Keep'),
    'While typing: keep the filter, or run the command.',
  ),
  bind('input_complete', 'completeInput', ['tab'], 'Complete', 'While typing: complete the word.'),
  bind(
    'input_up',
    'inputUp',
    ['up'],
    'Up',
    'While typing: the completion above, or an earlier command; in a filter move the cursor up.',
  ),
  bind(
    'input_down',
    'inputDown',
    ['down'],
    'Down',
    'While typing: the completion below; in a filter move the cursor down.',
  ),
  bind('input_cancel', 'cancelInput', ['esc'], 'Cancel', 'While typing: cancel.'),
];
