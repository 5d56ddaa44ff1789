import type { OperationContext } from '../../operations/context.ts';
import type { OcrStore } from '../../store/store.ts';
import type { DialogDesk } from './dialog-desk.ts';

/** Everything that the dashboard's actions may use: the context of operations, and the screen. */
export interface ActionPorts extends OperationContext {
  readonly store: OcrStore;
  readonly dialogs: DialogDesk;
  /** The ssh config that `--ssh-config` names; `null` if ssh finds its own. */
  readonly sshConfigFile: string | null;
  attach(alias: string, sessionId: string): void;
  /** Ends the program that is attached to a session, if there is one. */
  endAttached(alias: string, sessionId: string): void;
  /** Takes the terminal from the dashboard while the callback runs. */
  suspendTerminal(callback: () => Promise<void>): Promise<void>;
  /** Opens a file in the user's editor, on the terminal. Rejects if the editor fails. */
  runEditor(path: string): Promise<void>;
  /** Writes control sequences of our own to the terminal, between frames. */
  writeToTerminal(text: string): void;
}
