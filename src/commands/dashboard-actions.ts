import { setTimeout } from 'node:timers/promises';
import { sayError } from '../actions/feedback.ts';
import type { ActionPorts } from '../actions/fleet/action-ports.ts';
import type { DialogDesk } from '../actions/fleet/dialog-desk.ts';
import type { ActionTarget, FleetActionId } from '../actions/fleet/fleet-actions.ts';
import { holdKeys } from '../actions/late-keys.ts';
import { noteAction } from '../actions/note-action.ts';
import type { Engine } from '../engine/engine.ts';
import type { FleetStore } from '../fleet/fleet-store.ts';
import { messageOf } from '../lib/errors.ts';
import type { Logger } from '../lib/logger.ts';
import type { OcrStore } from '../store/store.ts';
import { runEditor } from './run-editor.ts';

export interface ActionSources {
  readonly fleet: FleetStore;
  readonly store: OcrStore;
  readonly dialogs: DialogDesk;
  readonly signal: AbortSignal;
  readonly engine: Promise<Engine>;
  readonly exportFolder: string;
  readonly attach: (alias: string, sessionId: string) => void;
  readonly sshConfigFile: string | null;
  readonly endAttached: (alias: string, sessionId: string) => void;
  /** Gives the terminal to another program while the callback runs. */
  readonly lend: (callback: () => Promise<void>) => Promise<void>;
  readonly writeToTerminal: (text: string) => void;
  readonly logger: Logger;
}

/** Milliseconds after the start in which there is more urgent work than to load the actions. */
const BUSY_START = 1000;

/**
 * Builds the dashboard's actions on hosts and sessions. Loads their code once the start is over, or when one is run.
 */
export function actionsFrom(sources: ActionSources) {
  const { store, dialogs, logger, engine, signal } = sources;
  const load = () => import('../actions/fleet/run-action.ts');
  // A failure here recurs when an action is run, and is reported then.
  void engine
    .then(() => setTimeout(BUSY_START, undefined, { signal, ref: false }))
    .then(load)
    .catch(() => {});
  return (id: FleetActionId, target: ActionTarget): void => {
    noteAction(id);
    dialogs.began();
    // Meant for the dialog that may come: the tree has other uses for them.
    const letGo = holdKeys(store);
    const running = Promise.all([engine, load()])
      .finally(letGo)
      .then(([started, { runAction }]) => runAction(id, portsOf(sources, started), target));
    running.catch((error: unknown) => {
      logger.error('action failed', { id, error: error instanceof Error ? error.stack : String(error) });
      sayError(store, messageOf(error), []);
    });
  };
}

function portsOf({ lend, engine: _engine, logger: _logger, ...given }: ActionSources, engine: Engine): ActionPorts {
  const { exportFolder, signal, endAttached } = given;
  return {
    ...given,
    ...engine.context({ exportFolder, signal, onDeleted: ({ alias, id }) => endAttached(alias, id) }),
    suspendTerminal: lend,
    runEditor: (path) => lend(() => runEditor(path, process.env)),
  };
}
