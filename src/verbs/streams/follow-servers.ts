import { sleep } from '../../lib/abort.ts';
import { messageOf } from '../../lib/errors.ts';
import type { ServerClient } from '../../opencode/server/server-client.ts';
import type { Desk } from '../desk.ts';
import type { EventLine } from './event-line.ts';
import { openQuietly, type QuietSource } from './quiet-stream.ts';

/** Milliseconds between two listings of a host's servers. */
export interface Pace {
  /** After a loss: a server that restarts is back within seconds. */
  readonly retry: number;
  /** How long after a loss that goes on. */
  readonly retryFor: number;
  readonly relist: number;
}

export interface Followed {
  readonly alias: string;
  /** Only events of that session; `null` for all. */
  readonly id: string | null;
  /** With `id`: the cursor to continue after, where the server keeps the session's events. */
  readonly after: string | null;
}

/** A host whose list of servers takes longer has a server that hangs. */
const LISTING_TIMEOUT_MS = 10_000;

/**
 * Follows each server of a host on its own until the signal aborts, and lists the servers again to find new ones and those that are back. After a cursor it
 * follows only the first server that has the session's events: others may have them too, and would tell each twice.
 */
export async function followServers(
  desk: Desk,
  { alias: host, id, after }: Followed,
  pace: Pace,
  tell: (line: EventLine) => void,
  signal: AbortSignal,
): Promise<void> {
  const engine = await desk.engine();
  const source: QuietSource | null = id !== null && after !== null ? { kind: 'session', id, after } : null;
  const following = new Set<string>();
  const lost = new Set<string | null>();
  let refusal = 'no server lets us in';
  let retryUntil = 0;
  let wake = Promise.withResolvers<void>();
  const lose = (server: string | null, reason: string) => {
    if (lost.has(server) || signal.aborted) return;
    lost.add(server);
    const now = desk.clock();
    tell({ kind: 'lost', host, server, since: new Date(now).toISOString(), reason });
    retryUntil = now + pace.retryFor;
    wake.resolve();
  };
  /** Reads one stream to its end. `onSettled` is called once it is open or over, with whether it is open. */
  const read = async (server: string, client: ServerClient, onSettled: (isOpen: boolean) => void): Promise<void> => {
    following.add(server);
    let isOpen = false;
    const onOpen = () => {
      isOpen = true;
      lost.delete(server);
      lost.delete(null);
      tell({ kind: 'connected', host, server });
      onSettled(true);
    };
    let reason = 'the server ended the stream';
    try {
      const events =
        source === null
          ? client.rawEvents({ kind: 'all' }, signal, onOpen)
          : openQuietly(client, source, signal, onOpen);
      for await (const event of events) {
        const cursor = cursorOf(event);
        // The cursor is the session's, whichever server tells it next.
        if (source !== null && cursor !== null) source.after = cursor;
        const isWanted = id === null || source !== null || JSON.stringify(event).includes(id);
        if (isWanted) tell({ kind: 'event', host, server, cursor, event });
      }
    } catch (error) {
      reason = messageOf(error);
    }
    following.delete(server);
    // A server that does not have the session is no loss while another one does.
    if (source !== null && !isOpen) refusal = reason;
    else lose(server, reason);
    onSettled(false);
  };
  while (!signal.aborted) {
    wake = Promise.withResolvers();
    const inTime = AbortSignal.any([signal, AbortSignal.timeout(LISTING_TIMEOUT_MS)]);
    const clients = source !== null && following.size > 0 ? [] : await engine.clientsOf(host, inTime);
    for (const [server, client] of clients) {
      if (signal.aborted) return;
      if (following.has(server)) continue;
      const settled = Promise.withResolvers<boolean>();
      void read(server, client, settled.resolve);
      if (source !== null && (await settled.promise)) break;
    }
    if (following.size === 0 && lost.size === 0) lose(null, refusal);
    const isRetrying = desk.clock() < retryUntil;
    const pause = new AbortController();
    const paused = sleep(isRetrying ? pace.retry : pace.relist, AbortSignal.any([signal, pause.signal]));
    // While it retries anyway, a loss brings nothing forward: a server that refuses at once is not asked in a loop.
    await (isRetrying ? paused : Promise.race([paused, wake.promise.then(() => sleep(pace.retry, signal))]));
    pause.abort();
    if (!signal.aborted && !(source !== null && following.size > 0)) await engine.refreshHost(host);
  }
}

/** Returns the place of an event that the server keeps (`/api/session/ID/event`, opencode 1.18). */
function cursorOf(event: unknown): string | null {
  if (typeof event !== 'object' || event === null || !('durable' in event)) return null;
  const { durable } = event;
  if (typeof durable !== 'object' || durable === null || !('seq' in durable)) return null;
  return typeof durable.seq === 'number' ? String(durable.seq) : null;
}
