import type { HostEntry } from '../domain/fleet.ts';
import type { Server } from '../domain/server.ts';
import { serverKey } from '../domain/server.ts';
import type { FleetStore } from '../fleet/fleet-store.ts';
import type { ContentSource } from '../opencode/content-source.ts';
import type { ServerClient } from '../opencode/server/server-client.ts';
import { type QueryDatabase, StoredSource } from '../opencode/stored-source.ts';
import type { ClientPool } from './client-pool.ts';
import { clientNow } from './find-client.ts';

interface Sources {
  readonly fleet: FleetStore;
  readonly clients: Pick<ClientPool<ServerClient>, 'now'>;
}

/**
 * Picks the source of a session's content. A server is the source only for a directory that it has open, since its calls about any other session boot
 * that session's directory. Otherwise the source is the database of a host with a shell. Returns `null` if neither can be read.
 */
export function createContentSources(
  sources: Sources,
  query: QueryDatabase,
): (alias: string, sessionId: string) => ContentSource | null {
  const stored = new Map<string, StoredSource>();
  const entryOf = (alias: string) => sources.fleet.getState().entries.get(alias);
  const storedOf = (alias: string) => {
    const known = () => {
      const { host, snapshot } = entryOf(alias) ?? {};
      return host === undefined || !snapshot ? null : { host, snapshot };
    };
    const source = stored.get(alias) ?? new StoredSource(query, known);
    stored.set(alias, source);
    return source;
  };
  return (alias, sessionId) => {
    const client = clientNow(sources, alias, sessionId);
    const entry = entryOf(alias);
    if (client === null || entry === undefined) return null;
    if (entry.host.route.kind === 'url') return client;
    const server = entry.snapshot?.servers.find((one) => sources.clients.now(alias, serverKey(one)) === client);
    return server !== undefined && isOpenOn(entry, server, sessionId) ? client : storedOf(alias);
  };
}

/** True if a server has sent an event of a session in this one's directory. */
function isOpenOn({ snapshot, live }: HostEntry, server: Server, sessionId: string): boolean {
  const key = serverKey(server);
  const directory = snapshot?.sessions.find(({ id }) => id === sessionId)?.directory;
  const isHeardOf = (id: string) => live.sessions.get(id)?.server === key;
  if (isHeardOf(sessionId)) return true;
  for (const { request, server: asking } of live.requests.values()) {
    if (asking === key && request.directory === directory) return true;
  }
  return snapshot?.sessions.some((session) => session.directory === directory && isHeardOf(session.id)) ?? false;
}
