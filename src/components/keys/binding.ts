import type { FleetActionId } from '../../actions/fleet/fleet-actions.ts';
import type { AttentionItem } from '../../fleet/select-attention.ts';
import type { Row } from '../../store/rows.ts';
import type { OcrState } from '../../store/state.ts';
import type { ViewName } from '../../store/view.ts';
import type { PanelAction } from '../inspect/perform-panel.ts';

/** What the keys are for: the view that is shown, or what lies over it. */
export type Mode =
  | 'list'
  /** The inspect panel has the whole screen. */
  | 'panel'
  /** A filter or a command is typed. */
  | 'filter'
  | 'command'
  | 'error'
  | 'help'
  /** A dialog with text input, and one that shows a host key. */
  | 'auth'
  | 'trust'
  /** Dialogs of actions, which know their keys themselves. */
  | 'form'
  | 'dialog';

export type ActionId =
  | 'up'
  | 'down'
  | 'pageUp'
  | 'pageDown'
  | 'halfUp'
  | 'halfDown'
  | 'top'
  | 'bottom'
  | 'activate'
  | 'open'
  | 'toggle'
  | 'expand'
  | 'collapse'
  | 'expandAll'
  | 'filter'
  | 'command'
  | 'palette'
  | 'acceptInput'
  | 'cancelInput'
  | 'completeInput'
  | 'inputUp'
  | 'inputDown'
  | 'clearFilter'
  | 'close'
  | 'leave'
  | 'refresh'
  | PanelAction
  | 'authenticate'
  | 'submit'
  | 'eraseAnswerCharacter'
  | 'eraseAnswer'
  | 'cancelAuthentication'
  | 'trust'
  | 'distrust'
  | 'useTerminal'
  | 'errorDetail'
  | 'dismissFailures'
  | 'help'
  | 'helpUp'
  | 'helpDown'
  | 'helpPageUp'
  | 'helpPageDown'
  | 'helpRun'
  | 'helpBind'
  | 'closeWindow'
  | 'showArchived'
  | 'nextAttention'
  | 'previousAttention'
  | 'markRange'
  | 'markAll'
  | 'showInTree'
  | 'showFleet'
  | 'showSessions'
  | 'showHosts'
  | 'showTriage'
  | 'showPulse'
  | 'showLog'
  | 'back'
  | 'forward'
  | 'lastView'
  | 'nextView'
  | 'previousView'
  | 'sortBy'
  | 'allColumns'
  | 'hideHeader'
  | 'saveScreen'
  | 'editConfig'
  | 'startDemo'
  | 'pulseLonger'
  | 'pulseShorter'
  | 'pulseMeasure'
  | 'applyFilter'
  | 'ownCommand'
  /** An action on hosts or sessions, named by `fleet`. */
  | 'fleet'
  | 'suspend'
  | 'repaint'
  | 'quit';

/** The state that decides whether a key is enabled. */
export interface BindingContext {
  readonly state: OcrState;
  readonly row: Row | undefined;
  /** The sessions that need the user, in the order of the triage view. */
  readonly items: readonly AttentionItem[];
}

/** The columns of the help screen. */
export const HELP_GROUPS = [
  'row',
  'move',
  'marks',
  'views',
  'panel',
  'find',
  'host',
  'yours',
  'ocr',
  'typing',
  'connecting',
] as const;
export type HelpGroup = (typeof HELP_GROUPS)[number];

/** A key and its action: dispatch, footer, help, palette and the README's table are generated from these. */
export interface Binding {
  /** Its name: in the configuration, if `ACTION_NAMES` has it, and on the command line. */
  readonly name: string;
  readonly action: ActionId;
  /** The action on hosts or sessions. */
  readonly fleet?: FleetActionId;
  /** What the action works with: a column to sort by, a filter. */
  readonly argument?: string;
  /** Keys, or chords such as `g g`. */
  readonly keys: readonly string[];
  readonly modes: readonly Mode[];
  /** The views that it works in; absent: all. */
  readonly views?: readonly ViewName[];
  readonly group: HelpGroup;
  /** One or two words: its label in footer, help and palette. */
  readonly hint: string | ((context: BindingContext) => string);
  /** A sentence for the help screen and the README. */
  readonly description: string;
  /** Returns why the key is disabled now; `null` if it is not. */
  readonly disabled?: (context: BindingContext) => string | null;
}

/** Returns the label of a binding where the user is. */
export function labelOf({ hint }: Binding, context: BindingContext): string {
  return typeof hint === 'string' ? hint : hint(context);
}
