import type { SessionRef } from '../domain/session-ref.ts';
import { systemClock } from '../lib/clock.ts';
import type { ServerClient } from '../opencode/server/server-client.ts';
import type { OperationContext } from '../operations/context.ts';

/** The face's part of the context of its operations. */
export interface ContextScope extends Pick<OperationContext, 'exportFolder' | 'signal'> {
  onDeleted?(ref: SessionRef): void;
  /** True or false to start servers on hosts that have none, or not to; by default as the engine does. */
  readonly mayStartServers?: boolean;
}

interface Capabilities extends Omit<OperationContext, 'clientFor' | 'exportFolder' | 'signal' | 'clock' | 'onDeleted'> {
  clientFor(...given: [...Parameters<OperationContext['clientFor']>, mayStart?: boolean]): Promise<ServerClient>;
}

/** Creates the context of a face's operations from what the engine can do. */
export function createContext(engine: Capabilities, scope: ContextScope): OperationContext {
  return {
    fleet: engine.fleet,
    clientFor: (target, use, signal) => engine.clientFor(target, use, signal, scope.mayStartServers),
    clientsOf: (alias, signal) => engine.clientsOf(alias, signal),
    clientNow: (alias, id) => engine.clientNow(alias, id),
    transport: (alias, use, signal) => engine.transport(alias, use, signal),
    startServer: (alias, signal) => engine.startServer(alias, signal),
    refreshHost: (alias) => engine.refreshHost(alias),
    listen: (ref, listener) => engine.listen(ref, listener),
    contentOf: (ref) => engine.contentOf(ref),
    queryDatabase: (alias, query, limits) => engine.queryDatabase(alias, query, limits),
    timeoutOf: (alias) => engine.timeoutOf(alias),
    exportFolder: scope.exportFolder,
    signal: scope.signal,
    clock: systemClock,
    onDeleted: (ref) => scope.onDeleted?.(ref),
    log: (alias, activity) => engine.log(alias, activity),
  };
}
