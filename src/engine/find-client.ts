import type { HostEntry } from '../domain/fleet.ts';
import type { Host } from '../domain/host.ts';
import { isFollowed, type Server, type ServerState, serverAt, serverKey } from '../domain/server.ts';
import type { FleetStore } from '../fleet/fleet-store.ts';
import { NotAnswered } from '../fleet/not-answered.ts';
import { isReadOnly } from '../fleet/read-only.ts';
import { ExpectedError } from '../lib/errors.ts';
import type { ServerClient } from '../opencode/server/server-client.ts';
import { ServerError } from '../opencode/server/server-error.ts';
import type { ClientPool } from './client-pool.ts';
import type { Servers } from './servers.ts';

/** Time in which a listed server must answer. */
const ANSWER_TIMEOUT_MS = 20_000;
/** Refreshes of a host after a server was started there: an answer in flight may not list it yet. */
const MAX_LISTINGS = 3;
/** States of servers that refused us a moment ago. Their links keep trying. */
const REFUSED: ReadonlySet<ServerState> = new Set(['needs-password', 'unproven', 'failed']);

/** No server of a host lets us in, and none may be started. */
export class NoServer extends ExpectedError {
  override readonly name = 'NoServer';
}

export interface ClientSources {
  readonly fleet: FleetStore;
  readonly clients: Pick<ClientPool<ServerClient>, 'borrow' | 'discard' | 'now'>;
  readonly servers: Pick<Servers, 'startOwn'>;
  /** False to start no server. */
  readonly mayStart: boolean;
  refreshHost(alias: string): Promise<unknown>;
}

/**
 * Returns a client of the server that a session runs on, else of any server of its host. Connects if needed, and starts ocr's own server if no server
 * lets us in. The client is shared: do not close it. Rejects with a TransportError, a ServerError, a ServerProcessError, a NotAnswered, a NoServer or a UserError.
 */
export async function findClient(
  sources: ClientSources,
  alias: string,
  sessionId: string | null,
  signal: AbortSignal,
): Promise<ServerClient> {
  const now = clientNow(sources, alias, sessionId);
  if (now !== null) return now;
  const entry = sources.fleet.getState().entries.get(alias);
  // There is one server, which cannot be started from here: its own words say why it cannot be used.
  if (entry?.host.route.kind === 'url')
    return await connectTo(sources, entry.host, serverAt(entry.host.route.url), signal);
  if (!entry?.snapshot) throw new NotAnswered(alias);
  const found = await connectToAny(sources, entry, sessionId, signal);
  if (found !== null) return found;
  if (isReadOnly(sources.fleet.getState().settings, alias)) {
    throw new NoServer(`no server on ${alias} can be used, and ocr starts none on a read-only host`);
  }
  if (!sources.mayStart) {
    throw new NoServer(`no opencode server that can be used runs on ${alias}`, {
      hint: 'Start one there, or give --start.',
    });
  }
  const { server } = await sources.servers.startOwn(entry.host, entry.snapshot.opencode.path, signal);
  void refreshUntilListed(sources, alias, server, signal);
  return await sources.clients.borrow(entry.host, server, signal);
}

/** Returns the client that `findClient` would return, if a server is followed. Starts nothing. */
export function clientNow(
  { fleet, clients }: Pick<ClientSources, 'fleet'> & { readonly clients: Pick<ClientSources['clients'], 'now'> },
  alias: string,
  sessionId: string | null,
): ServerClient | null {
  const entry = fleet.getState().entries.get(alias);
  if (entry === undefined) return null;
  for (const key of keysOf(entry, sessionId)) {
    const client = isFollowed(stateOf(entry, key)) ? clients.now(alias, key) : null;
    if (client !== null) return client;
  }
  return null;
}

/** Connects to the session's server, else to the first of the host's servers that answers; `null` if none does. */
async function connectToAny(
  sources: ClientSources,
  entry: HostEntry,
  sessionId: string | null,
  signal: AbortSignal,
): Promise<ServerClient | null> {
  const { host, snapshot } = entry;
  const listed = (snapshot?.servers ?? []).filter((server) => !REFUSED.has(stateOf(entry, serverKey(server))));
  const wanted = wantedKey(entry, sessionId);
  const connect = (server: Server) => connectTo(sources, host, server, signal);
  const [preferred, others] = [
    listed.filter((server) => serverKey(server) === wanted),
    listed.filter((server) => serverKey(server) !== wanted),
  ];
  for (const servers of [preferred, others]) {
    const client = await Promise.any(servers.map(connect)).catch(() => null);
    signal.throwIfAborted();
    if (client !== null) return client;
  }
  return null;
}

/** Connects to a server and waits until it answers. Each server has its own time, so that a silent one leaves some to the others. */
async function connectTo(
  { clients }: ClientSources,
  host: Host,
  server: Server,
  signal: AbortSignal,
): Promise<ServerClient> {
  const inTime = AbortSignal.any([signal, AbortSignal.timeout(ANSWER_TIMEOUT_MS)]);
  const client = await clients.borrow(host, server, inTime);
  try {
    await client.health(inTime);
  } catch (error) {
    // The next attempt logs in again.
    if (error instanceof ServerError && error.kind === 'unauthorized') await clients.discard(client);
    throw error;
  }
  return client;
}

/** Never rejects. */
async function refreshUntilListed(
  { fleet, refreshHost }: ClientSources,
  alias: string,
  { port }: Server,
  signal: AbortSignal,
): Promise<void> {
  const isListed = () =>
    fleet
      .getState()
      .entries.get(alias)
      ?.snapshot?.servers.some((one) => one.own && one.port === port);
  for (let asked = 0; asked < MAX_LISTINGS && !isListed() && !signal.aborted; asked += 1) {
    await refreshHost(alias).catch(() => {});
  }
}

/** Returns the key of the server that asks something about a session, else of the one that works on it. */
function wantedKey({ live }: HostEntry, sessionId: string | null): string | undefined {
  if (sessionId === null) return undefined;
  const asked = [...live.requests.values()].find(({ request }) => request.sessionId === sessionId);
  return asked?.server ?? live.sessions.get(sessionId)?.server;
}

/** Returns the keys of a host's servers, the session's own first. */
function keysOf(entry: HostEntry, sessionId: string | null): readonly string[] {
  const wanted = wantedKey(entry, sessionId);
  return [...(wanted === undefined ? [] : [wanted]), ...(entry.snapshot?.servers ?? []).map(serverKey)];
}

function stateOf({ live }: HostEntry, key: string): ServerState {
  return live.servers.get(key)?.state ?? 'connecting';
}
