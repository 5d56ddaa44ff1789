import { sayError } from '../actions/feedback.ts';
import type { ActionPorts } from '../actions/fleet/action-ports.ts';
import type { DialogDesk } from '../actions/fleet/dialog-desk.ts';
import type { ActionTarget, FleetActionId } from '../actions/fleet/fleet-actions.ts';
import { systemClock } from '../lib/clock.ts';
import { messageOf, UserError } from '../lib/errors.ts';
import type { Logger } from '../lib/logger.ts';
import type { OcrStore } from '../store/store.ts';
import type { startRefresher } from './engine.ts';
import { runEditor } from './run-editor.ts';

type Engine = Awaited<ReturnType<typeof startRefresher>>;

export interface ActionSources {
  readonly store: OcrStore;
  readonly dialogs: DialogDesk;
  readonly signal: AbortSignal;
  readonly engine: Promise<Engine>;
  readonly exportFolder: string;
  readonly attach: (alias: string, sessionId: string) => void;
  readonly endAttached: (alias: string, sessionId: string) => void;
  /** What takes the terminal from the dashboard, once that is mounted. */
  readonly suspend: () => ((callback: () => Promise<void>) => Promise<void>) | undefined;
  readonly writeToTerminal: (text: string) => void;
  readonly logger: Logger;
}

/** The actions of the dashboard on hosts and sessions, put together from their parts. What they need is loaded when the first one is run. */
export function actionsFrom(sources: ActionSources) {
  const { store, logger, engine } = sources;
  return (id: FleetActionId, target: ActionTarget): void => {
    const running = Promise.all([engine, import('../actions/fleet/run-action.ts'), import('./servers.ts')]).then(
      ([started, { runAction }, { findClient }]) =>
        noted(store, started, id, target, () => runAction(id, portsOf(sources, started, findClient), target)),
    );
    running.catch((error: unknown) => {
      logger.error('action failed', { id, error: error instanceof Error ? error.stack : String(error) });
      sayError(store, messageOf(error), []);
    });
  };
}

/** Takes down what was done, and what the person was told of it, for each host that it was about. */
async function noted(
  store: OcrStore,
  { record }: Engine,
  id: FleetActionId,
  { entry, sessions }: ActionTarget,
  work: () => Promise<void>,
): Promise<void> {
  const at = systemClock();
  const { toast: before } = store.getState();
  await work();
  const { toast } = store.getState();
  if (toast === null || toast === before) return;
  const entries = sessions.length > 0 ? sessions.map((session) => session.entry) : entry === null ? [] : [entry];
  for (const alias of new Set(entries.map(({ host }) => host.alias))) {
    record(alias, { at, duration: systemClock() - at, what: `action: ${id}`, result: toast.text });
  }
}

function portsOf(
  { store, dialogs, signal, exportFolder, attach, endAttached, suspend, writeToTerminal }: ActionSources,
  { refresher, pool, timeoutOf, hub, servers }: Engine,
  findClient: typeof import('./servers.ts').findClient,
): ActionPorts {
  const refreshHost = (alias: string) => refresher.refreshHost(alias);
  const suspendTerminal = async (callback: () => Promise<void>) => {
    await suspend()?.(callback);
  };
  return {
    ...{
      store,
      dialogs,
      signal,
      exportFolder,
      attach,
      endAttached,
      refreshHost,
      timeoutOf,
      suspendTerminal,
      writeToTerminal,
    },
    clock: systemClock,
    client: (alias, sessionId, given) => findClient({ store, hub, servers, refreshHost }, alias, sessionId, given),
    transport: async (alias, given) => {
      const host = store.getState().entries.get(alias)?.host;
      if (host === undefined) throw new UserError(`${alias} is not listed any more`);
      return pool.get(host, { signal: given, timeout: timeoutOf(alias), interaction: null });
    },
    runEditor: (path) => suspendTerminal(() => runEditor(path, process.env)),
  };
}
