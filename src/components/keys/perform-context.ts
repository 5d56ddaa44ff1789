import type { DialogDesk } from '../../actions/fleet/dialog-desk.ts';
import type { ActionTarget, FleetActionId } from '../../actions/fleet/fleet-actions.ts';
import type { QuestionDesk } from '../../actions/question-desk.ts';
import type { AttentionItem } from '../../fleet/select-attention.ts';
import type { Row } from '../../store/rows.ts';
import type { OcrState } from '../../store/state.ts';
import type { OcrStore } from '../../store/store.ts';
import type { Choices } from '../command/choices.ts';
import type { HelpEntry } from '../help.ts';
import type { PanelView } from '../inspect/panel.ts';
import type { Binding } from './binding.ts';

/** Actions outside the screen that a key can start. */
export interface DashboardActions {
  /** Attaches to a session. If opencode would not show its pending request, the triage view opens first, unless `anyway` is set. */
  attach(alias: string, sessionId: string, anyway?: boolean): void;
  refresh(): void;
  /** Connects to a host with prompts to the user. */
  authenticate(alias: string): void;
  /** Runs an action on hosts or sessions. */
  run(action: FleetActionId, target: ActionTarget): void;
  /** Opens the configuration in the user's editor. */
  editConfig(): void;
  /** Leaves the dashboard, and shows simulated hosts instead. */
  startDemo(): void;
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

export type Perform = (context: PerformContext, state: OcrState, argument: string) => Partial<OcrState> | undefined;
