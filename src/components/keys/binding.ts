import type { FleetActionId } from '../../actions/fleet/fleet-actions.ts';
import type { AttentionItem } from '../../fleet/select-attention.ts';
import type { Row } from '../../store/rows.ts';
import type { OcrState } from '../../store/state.ts';
import type { PanelAction } from '../inspect/perform-panel.ts';

/** The target of keys: in `auth` a dialog with text input, in `trust` one that shows a host key. */
export type Mode =
  | 'tree'
  | 'triage'
  /** The inspect panel has the whole screen. */
  | 'panel'
  | 'search'
  | 'error'
  | 'help'
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
  | 'top'
  | 'bottom'
  | 'activate'
  | 'toggle'
  | 'expand'
  | 'collapse'
  | 'search'
  | 'acceptSearch'
  | 'cancelSearch'
  | 'eraseCharacter'
  | 'eraseWord'
  | 'eraseQuery'
  | 'clearSearch'
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
  | 'messages'
  | 'help'
  | 'scrollUp'
  | 'scrollDown'
  | 'scrollPageUp'
  | 'scrollPageDown'
  | 'close'
  | 'showArchived'
  | 'triage'
  | 'nextAttention'
  | 'previousAttention'
  | 'markRange'
  | 'triageAttach'
  | 'triageUp'
  | 'triageDown'
  | 'triageTop'
  | 'triageBottom'
  | 'triagePageUp'
  | 'triagePageDown'
  | 'triageShow'
  | 'leaveTriage'
  /** An action on hosts or sessions, named by `fleet`. */
  | 'fleet'
  | 'suspend'
  | 'repaint'
  | 'quit';

/** The state that decides whether a key is enabled. */
export interface BindingContext {
  readonly state: OcrState;
  readonly row: Row | undefined;
  /** The sessions that need the user. */
  readonly items: readonly AttentionItem[];
}

/** A key and its action: dispatch, footer, help screen and the README's table are generated from these. */
export interface Binding {
  readonly action: ActionId;
  /** The action on hosts or sessions. */
  readonly fleet?: FleetActionId;
  readonly keys: readonly string[];
  readonly modes: readonly Mode[];
  /** One or two words for the footer. */
  readonly hint: string | ((context: BindingContext) => string);
  /** A sentence for the help screen and the README. */
  readonly description: string;
  /** Shown in the footer: always, never, or in some modes. */
  readonly footer: boolean | readonly Mode[];
  /** Returns why the key is disabled now; `null` if it is not. */
  readonly disabled?: (context: BindingContext) => string | null;
}
