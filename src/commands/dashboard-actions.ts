import { setTimeout } from 'node:timers/promises';
import { hearing, sayError } from '../actions/feedback.ts';
import type { ActionPorts } from '../actions/fleet/action-ports.ts';
import type { DialogDesk } from '../actions/fleet/dialog-desk.ts';
import type { ActionTarget, FleetActionId } from '../actions/fleet/fleet-actions.ts';
import { holdKeys } from '../actions/late-keys.ts';
import type { FleetStore } from '../fleet/fleet-store.ts';
import { systemClock } from '../lib/clock.ts';
import { messageOf, UserError } from '../lib/errors.ts';
import type { Logger } from '../lib/logger.ts';
import type { OcrStore } from '../store/store.ts';
import type { startRefresher } from './engine.ts';
import { runEditor } from './run-editor.ts';

type Engine = Awaited<ReturnType<typeof startRefresher>>;

export interface ActionSources {
  readonly fleet: FleetStore;
  readonly store: OcrStore;
  readonly dialogs: DialogDesk;
  readonly signal: AbortSignal;
  readonly engine: Promise<Engine>;
  readonly exportFolder: string;
  readonly attach: (alias: string, sessionId: string) => void;
  readonly attachesThroughServer: boolean;
  readonly endAttached: (alias: string, sessionId: string) => void;
  /** What takes the terminal from the dashboard, once that is mounted. */
  readonly suspend: () => ((callback: () => Promise<void>) => Promise<void>) | undefined;
  readonly writeToTerminal: (text: string) => void;
  readonly logger: Logger;
}

/** Milliseconds after the start in which there is more urgent work than to load the actions. */
const BUSY_START = 1000;

/** The actions of the dashboard on hosts and sessions, put together from their parts. What they need is loaded once the start is over, or when one is run. */
export function actionsFrom(sources: ActionSources) {
  const { store, dialogs, logger, engine, signal } = sources;
  const load = () => Promise.all([import('../actions/fleet/run-action.ts'), import('./servers.ts')]);
  // What goes wrong here goes wrong again when an action is run, and is told then.
  void engine
    .then(() => setTimeout(BUSY_START, undefined, { signal, ref: false }))
    .then(load)
    .catch(() => {});
  return (id: FleetActionId, target: ActionTarget): void => {
    dialogs.began();
    // Meant for the dialog that may come: the tree has other uses for them.
    const letGo = holdKeys(store);
    const running = Promise.all([engine, load()])
      .finally(letGo)
      .then(([started, [{ runAction }, { clientNow, findClient }]]) =>
        noted(started, id, target, () => runAction(id, portsOf(sources, started, { clientNow, findClient }), target)),
      );
    running.catch((error: unknown) => {
      logger.error('action failed', { id, error: error instanceof Error ? error.stack : String(error) });
      sayError(store, messageOf(error), []);
    });
  };
}

/** Takes down what was done, and what the person was told of it, for each host that it was about. */
async function noted(
  { record }: Engine,
  id: FleetActionId,
  { entry, sessions }: ActionTarget,
  work: () => Promise<void>,
): Promise<void> {
  const at = systemClock();
  const told: string[] = [];
  await hearing((text) => told.push(text), work);
  const result = told.at(-1);
  if (result === undefined) return;
  const entries = sessions.length > 0 ? sessions.map((session) => session.entry) : entry === null ? [] : [entry];
  for (const alias of new Set(entries.map(({ host }) => host.alias))) {
    record(alias, { at, duration: systemClock() - at, what: `action: ${id}`, result });
  }
}

function portsOf(
  { suspend, engine: _engine, logger: _logger, ...given }: ActionSources,
  { refresher, pool, timeoutOf, hub, servers }: Engine,
  { clientNow, findClient }: Pick<typeof import('./servers.ts'), 'clientNow' | 'findClient'>,
): ActionPorts {
  const { fleet } = given;
  const refreshHost = (alias: string) => refresher.refreshHost(alias);
  const suspendTerminal = async (callback: () => Promise<void>) => {
    await suspend()?.(callback);
  };
  return {
    ...given,
    ...{ refreshHost, timeoutOf, suspendTerminal },
    clock: systemClock,
    client: (alias, sessionId, signal) => findClient({ fleet, hub, servers, refreshHost }, alias, sessionId, signal),
    clientNow: (alias, sessionId) => clientNow({ fleet, hub }, alias, sessionId).client,
    transport: async (alias, signal) => {
      const host = fleet.getState().entries.get(alias)?.host;
      if (host === undefined) throw new UserError(`${alias} is not listed any more`);
      return pool.get(host, { signal, timeout: timeoutOf(alias), interaction: null });
    },
    runEditor: (path) => suspendTerminal(() => runEditor(path, process.env)),
  };
}
