import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { isReadonly } from '../actions/fleet/fleet-actions.ts';
import type { Config } from '../config/schema.ts';
import type { Host } from '../domain/host.ts';
import { type Server, serverKey } from '../domain/server.ts';
import { messageOf, UserError } from '../lib/errors.ts';
import { ServerClient } from '../opencode/server/server-client.ts';
import { ServerError } from '../opencode/server/server-error.ts';
import { ensureOwnServer, type OwnServer } from '../opencode/server-process/own-server.ts';
import type { Prober } from '../probe/prober.ts';
import type { EventBatch } from '../refresh/event-batch.ts';
import type { LiveHub } from '../refresh/live-hub.ts';
import type { OcrStore } from '../store/store.ts';
import { type Transport, TransportError } from '../transport/transport.ts';

const run = promisify(execFile);
/** User of a server that wants a password, unless OPENCODE_SERVER_USERNAME says otherwise (opencode's default). */
const DEFAULT_USER = 'opencode';
/** Milliseconds that a request may take: some wait for a project to be read in. */
const REQUEST_TIMEOUT = 30_000;
/** Milliseconds that a server may take until it listens: starting it costs seconds of CPU. */
const START_TIMEOUT = 45_000;
/** Milliseconds in which a server that is there is to be followed. */
const LINK_TIMEOUT = 20_000;
/** Milliseconds that a command which prints a password may take. */
const PASSWORD_TIMEOUT = 30_000;

export interface ServerSources {
  readonly config: Config;
  readonly store: OcrStore;
  readonly events: EventBatch;
  readonly prober: Pick<Prober, 'ownPassword'>;
  /** The open connection of a host. */
  transport(host: Host, signal: AbortSignal): Promise<Transport>;
}

/** How a server is spoken to. */
export interface ServerLogin {
  readonly username: string;
  readonly password: string | null;
}

/** Opens what speaks to opencode's servers, and starts ocr's own one where there is none. */
export class Servers {
  readonly #sources: ServerSources;
  readonly #passwords = new Map<string, Promise<string>>();
  readonly #starting = new Map<string, Promise<OwnServer>>();

  constructor(sources: ServerSources) {
    this.#sources = sources;
  }

  /** What speaks to a server over the pooled connection of its host. Rejects with a UserError when the password command fails. */
  async connect(host: Host, server: Server, signal: AbortSignal): Promise<ServerClient> {
    const { alias } = host;
    const { events } = this.#sources;
    // So that a host that cannot be reached says so, and not its server.
    await this.#sources.transport(host, signal);
    return new ServerClient({
      open: async (target, openSignal) => (await this.#sources.transport(host, openSignal)).forward(target, openSignal),
      access: { hostname: server.hostname, port: server.port, ...(await this.login(alias, server)) },
      timeout: REQUEST_TIMEOUT,
      clock: Date.now,
      record: (activity) => events.add({ kind: 'did', alias, activity }),
    });
  }

  async login(alias: string, server: Server): Promise<ServerLogin> {
    const { config, prober } = this.#sources;
    if (server.own) return { username: DEFAULT_USER, password: prober.ownPassword(alias, server) };
    const { server_username: username, server_password: password } = config.hosts.overrides[alias] ?? {};
    return { username: username ?? DEFAULT_USER, password: password ?? (await this.#passwordByCommand(alias)) };
  }

  isUnauthorized(error: unknown): boolean {
    return error instanceof ServerError && error.kind === 'unauthorized';
  }

  /** ocr's own server on a host, started when it does not run. Rejects with a TransportError or a ServerProcessError. */
  startOwn(host: Host, opencodePath: string, signal: AbortSignal): Promise<OwnServer> {
    const { alias } = host;
    const known = this.#starting.get(alias);
    if (known !== undefined) return known;
    const starting = this.#start(host, opencodePath, signal).finally(() => this.#starting.delete(alias));
    this.#starting.set(alias, starting);
    return starting;
  }

  async #start(host: Host, opencodePath: string, signal: AbortSignal): Promise<OwnServer> {
    const transport = await this.#sources.transport(host, signal);
    const at = Date.now();
    const started = await ensureOwnServer(transport, { opencodePath, timeout: START_TIMEOUT }, signal);
    const result = `${started.started ? 'started' : 'found'} on port ${started.server.port}`;
    const activity = { at, duration: Date.now() - at, what: 'opencode serve', result };
    this.#sources.events.add({ kind: 'did', alias: host.alias, activity });
    return started;
  }

  /** Run once: it may ask the person for something. */
  async #passwordByCommand(alias: string): Promise<string | null> {
    const command = this.#sources.config.hosts.overrides[alias]?.server_password_command;
    if (command === undefined) return null;
    const asking = this.#passwords.get(alias) ?? printPassword(alias, command);
    this.#passwords.set(alias, asking);
    asking.catch(() => this.#passwords.delete(alias));
    return asking;
  }
}

async function printPassword(alias: string, command: string): Promise<string> {
  try {
    const { stdout } = await run('/bin/sh', ['-c', command], { timeout: PASSWORD_TIMEOUT });
    return stdout.replace(/\r?\n$/, '');
  } catch (error) {
    // The message of the error holds the command, which is the person's own, but its output may hold the password.
    const code = error instanceof Error && 'code' in error ? String(error.code) : messageOf(error);
    throw new UserError(`hosts.overrides.${alias}.server_password_command failed: ${code}`, { cause: error });
  }
}

/** What a server is found by: the store knows the links, the hub what speaks over them. */
export interface ClientSources {
  readonly store: OcrStore;
  readonly hub: Pick<LiveHub<ServerClient>, 'sourceOf'>;
  readonly servers: Servers;
  refreshHost(alias: string): Promise<unknown>;
}

/**
 * What speaks to the server that a session runs on, else to any of its host; ocr's own is started when there is none that lets us in. Shared: not to be
 * closed. Rejects with a TransportError, a ServerError, a ServerProcessError or a UserError.
 */
export async function findClient(
  sources: ClientSources,
  alias: string,
  sessionId: string | null,
  signal: AbortSignal,
): Promise<ServerClient> {
  const found = await waitForLink(sources, alias, sessionId, signal);
  if (found !== null) return found;
  const entry = sources.store.getState().entries.get(alias);
  if (!entry?.snapshot) throw new UserError(`${alias} has not answered yet`);
  if (isReadonly(sources.store.getState(), alias)) {
    throw new UserError(`no server lets us in on ${alias}, and none is started there: it is read-only`);
  }
  await sources.servers.startOwn(entry.host, entry.snapshot.opencode.path, signal);
  await sources.refreshHost(alias);
  const started = await waitForLink(sources, alias, sessionId, signal);
  if (started === null) throw new TransportError('timeout', `the server on ${alias} cannot be followed`);
  return started;
}

/**
 * What speaks to the server that a session runs on, else to any of its host; `null` while there is none. `settled` is false while a link is being made.
 * Starts nothing.
 */
export function clientNow(
  { store, hub }: Pick<ClientSources, 'store' | 'hub'>,
  alias: string,
  sessionId: string | null,
): { readonly client: ServerClient | null; readonly settled: boolean } {
  const entry = store.getState().entries.get(alias);
  if (entry === undefined) return { client: null, settled: true };
  const { live, snapshot } = entry;
  const asked = [...live.requests.values()].find(({ request }) => request.sessionId === sessionId);
  const wanted = asked?.server ?? (sessionId === null ? undefined : live.sessions.get(sessionId)?.server);
  const keys = [...(wanted === undefined ? [] : [wanted]), ...(snapshot?.servers ?? []).map(serverKey)];
  const states = keys.map((key) => ({ key, state: live.servers.get(key)?.state ?? 'connecting' }));
  for (const { key, state } of states) {
    const client = state === 'live' || state === 'polled' ? hub.sourceOf(alias, key) : null;
    if (client !== null) return { client, settled: true };
  }
  return { client: null, settled: states.every(({ state }) => state !== 'connecting') };
}

/** Waits for the links of a host that are being made; `null` when none of them leads to a server that answers. */
async function waitForLink(
  sources: ClientSources,
  alias: string,
  sessionId: string | null,
  signal: AbortSignal,
): Promise<ServerClient | null> {
  return new Promise((resolve) => {
    const settle = () => {
      const { client, settled } = clientNow(sources, alias, sessionId);
      if (client !== null || settled || signal.aborted) finish(client);
    };
    const finish = (client: ServerClient | null) => {
      clearTimeout(timer);
      unsubscribe();
      signal.removeEventListener('abort', onAbort);
      resolve(client);
    };
    const onAbort = () => finish(null);
    const timer = setTimeout(onAbort, LINK_TIMEOUT);
    const unsubscribe = sources.store.subscribe(settle);
    signal.addEventListener('abort', onAbort, { once: true });
    settle();
  });
}
