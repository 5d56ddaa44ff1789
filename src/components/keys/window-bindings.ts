import type { ActionId, Binding, HelpGroup, Mode } from './binding.ts';

/** Every mode, for keys that are never text. */
const EVERYWHERE: readonly Mode[] = [
  'list',
  'panel',
  'filter',
  'command',
  'error',
  'help',
  'auth',
  'trust',
  'form',
  'dialog',
];
const HELP: readonly Mode[] = ['help'];

const bind = (
  name: string,
  action: ActionId,
  keys: readonly string[],
  modes: readonly Mode[],
  group: HelpGroup,
  hint: string,
  description: string,
): Binding => ({ name, action, keys, modes, group, hint, description });

/** Keys that work everywhere, and those of the windows for help and errors. */
export const windowBindings: readonly Binding[] = [
  bind('quit_now', 'quit', ['ctrl+c'], EVERYWHERE, 'ocr', 'Quit', 'Quit ocr from anywhere.'),
  bind('suspend', 'suspend', ['ctrl+z'], EVERYWHERE, 'ocr', 'Suspend', 'Suspend to the shell; `fg` resumes.'),
  bind(
    'repaint',
    'repaint',
    ['ctrl+l'],
    EVERYWHERE,
    'ocr',
    'Repaint',
    'Paint the screen again, after another program has written to it.',
  ),
  bind('help_up', 'helpUp', ['up'], HELP, 'typing', 'Up', 'In the help: go to the key above.'),
  bind('help_down', 'helpDown', ['down'], HELP, 'typing', 'Down', 'In the help: go to the key below.'),
  bind('help_page_up', 'helpPageUp', ['pgup'], HELP, 'typing', 'Page up', 'In the help: a page up.'),
  bind('help_page_down', 'helpPageDown', ['pgdn'], HELP, 'typing', 'Page down', 'In the help: a page down.'),
  bind('help_run', 'helpRun', ['enter'], HELP, 'typing', 'Run', 'In the help: run the selected key.'),
  bind(
    'help_bind',
    'helpBind',
    ['ctrl+k'],
    HELP,
    'typing',
    'Set key',
    'In the help: bind the selected action to another key.',
  ),
  bind('help_close', 'closeWindow', ['esc'], HELP, 'typing', 'Close', 'In the help: close it.'),
  bind('error_close', 'closeWindow', ['esc', 'q', 'enter', 'e'], ['error'], 'typing', 'Close', 'In a popup: close it.'),
];
