import { attachSession } from '../actions/attach.ts';
import type { OcrStore } from '../store/store.ts';
import type { Terminal } from '../transport/transport.ts';
import type { startRefresher } from './engine.ts';

type Engine = Awaited<ReturnType<typeof startRefresher>>;

export interface AttachSources {
  readonly store: OcrStore;
  readonly terminal: Terminal;
  readonly signal: AbortSignal;
  readonly engine: Promise<Engine>;
  /** What takes the terminal from the dashboard, once that is mounted. */
  readonly suspend: () => ((callback: () => Promise<void>) => Promise<void>) | undefined;
}

/** The attach action of the dashboard, put together from its parts. */
export function attachFrom({ store, terminal, signal, engine, suspend }: AttachSources) {
  return (alias: string, sessionId: string): void => {
    void engine.then(({ refresher, pool, timeoutOf }) =>
      attachSession(
        {
          store,
          terminal,
          signal,
          refreshHost: (name) => refresher.refreshHost(name),
          openTransport: (host) => pool.get(host, { signal, timeout: timeoutOf(host.alias), interaction: null }),
          suspendTerminal: async (callback) => {
            await suspend()?.(callback);
          },
        },
        alias,
        sessionId,
      ),
    );
  };
}
