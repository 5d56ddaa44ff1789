import type { SessionRef } from '../domain/session-ref.ts';
import { systemClock } from '../lib/clock.ts';
import type { OperationContext } from '../operations/context.ts';

/** The face's part of the context of its operations. */
export interface ContextScope extends Pick<OperationContext, 'exportFolder' | 'signal'> {
  onDeleted?(ref: SessionRef): void;
}

type Capabilities = Omit<OperationContext, 'exportFolder' | 'signal' | 'clock' | 'onDeleted'>;

/** Creates the context of a face's operations from what the engine can do. */
export function createContext(engine: Capabilities, scope: ContextScope): OperationContext {
  return {
    fleet: engine.fleet,
    clientFor: (target, use, signal) => engine.clientFor(target, use, signal),
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
