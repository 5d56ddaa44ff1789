import type { Config } from '../config/schema.ts';
import type { Host } from '../domain/host.ts';
import { isFollowed, type Server, serverKey } from '../domain/server.ts';
import type { FleetStore } from '../fleet/fleet-store.ts';
import { isReadOnly } from '../fleet/read-only.ts';
import { onAbort } from '../lib/abort.ts';
import { messageOf, UserError } from '../lib/errors.ts';
import { ServerClient } from '../opencode/server/server-client.ts';
import { ServerError } from '../opencode/server/server-error.ts';
import type { OwnPasswords } from '../opencode/server-process/own-passwords.ts';
import { ensureOwnServer, type OwnServer } from '../opencode/server-process/own-server.ts';
import { openProven } from '../opencode/server-process/proven-stream.ts';
import type { LiveHub } from '../refresh/live-hub.ts';
import { type ChildEnd, RunningChild } from '../transport/child/child-process.ts';
import { type Transport, TransportError } from '../transport/transport.ts';

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
/** Bytes that such a command may print. */
const LONGEST_PASSWORD = 2 ** 16;
/** Milliseconds until a command that has failed is run again: it may ask the person for something, who has said no. */
const PASSWORD_PAUSE = 2 * 60_000;
/** How often a host is asked again after a server was started there: an answer that was on its way may not list it. */
const LISTINGS = 3;

export interface ServerSources {
  readonly config: Config;
  readonly fleet: FleetStore;
  readonly passwords: Pick<OwnPasswords, 'get' | 'add'>;
  /** The open connection of a host. */
  transport(host: Host, signal: AbortSignal): Promise<Transport>;
}

/** How a server is spoken to. */
export interface ServerLogin {
  readonly username: string;
  readonly password: string | null;
}

/** A server that is being started, for as long as whoever began that wants it. */
interface Starting {
  readonly done: Promise<OwnServer>;
  readonly signal: AbortSignal;
}

/** A command that prints a password, or has printed it. */
interface Asking {
  readonly password: Promise<string>;
  /** Ends the command. */
  readonly stop: AbortController;
  /** How many want it. */
  waiting: number;
  over: boolean;
}

/** Opens what speaks to opencode's servers, and starts ocr's own one where there is none. */
export class Servers {
  readonly #sources: ServerSources;
  readonly #passwords = new Map<string, Asking>();
  readonly #starting = new Map<string, Starting>();

  constructor(sources: ServerSources) {
    this.#sources = sources;
  }

  /** What speaks to a server over the pooled connection of its host. Rejects with a UserError when the password command fails. */
  async connect(host: Host, server: Server, signal: AbortSignal): Promise<ServerClient> {
    const { alias } = host;
    const { fleet } = this.#sources;
    // So that a host that cannot be reached says so, and not its server.
    await this.#sources.transport(host, signal);
    return new ServerClient({
      open: async (_target, openSignal) =>
        openProven(await this.#sources.transport(host, openSignal), server, openSignal),
      access: { hostname: server.hostname, port: server.port, ...(await this.login(alias, server, signal)) },
      timeout: REQUEST_TIMEOUT,
      clock: Date.now,
      record: (activity) => fleet.report({ kind: 'did', alias, activity }),
    });
  }

  /** Rejects when the signal aborts, and with a UserError when the password command fails. */
  async login(alias: string, server: Server, signal = new AbortController().signal): Promise<ServerLogin> {
    const { config, passwords } = this.#sources;
    if (server.own) return { username: DEFAULT_USER, password: passwords.get(alias, server) };
    const { server_username: username, server_password: password } = config.hosts.overrides[alias] ?? {};
    return { username: username ?? DEFAULT_USER, password: password ?? (await this.#passwordByCommand(alias, signal)) };
  }

  isUnauthorized(error: unknown): boolean {
    return error instanceof ServerError && error.kind === 'unauthorized';
  }

  /** True if a request failed because the listener is not proven to be the user's server. */
  isUnproven(error: unknown): boolean {
    return error instanceof ServerError && error.kind === 'unproven';
  }

  /** ocr's own server on a host, started when it does not run. Rejects with a TransportError or a ServerProcessError. */
  async startOwn(host: Host, opencodePath: string, signal: AbortSignal): Promise<OwnServer> {
    const { alias } = host;
    const known = this.#starting.get(alias);
    if (known === undefined) {
      const done = this.#start(host, opencodePath, signal).finally(() => this.#starting.delete(alias));
      this.#starting.set(alias, { done, signal });
      return done;
    }
    try {
      return await known.done;
    } catch (error) {
      // Whoever began it has given it up: that is no reason for others.
      if (!known.signal.aborted || signal.aborted) throw error;
      return this.startOwn(host, opencodePath, signal);
    }
  }

  async #start(host: Host, opencodePath: string, signal: AbortSignal): Promise<OwnServer> {
    const transport = await this.#sources.transport(host, signal);
    const at = Date.now();
    const note = (result: string) => {
      const activity = { at, duration: Date.now() - at, what: 'opencode serve', result };
      this.#sources.fleet.report({ kind: 'did', alias: host.alias, activity });
    };
    try {
      const login = this.#sources.fleet.getState().entries.get(host.alias)?.snapshot?.login ?? null;
      const started = await ensureOwnServer(transport, { opencodePath, timeout: START_TIMEOUT, login }, signal);
      this.#sources.passwords.add(host.alias, started.server, started.password);
      note(`${started.started ? 'started' : 'found'} on port ${started.server.port}`);
      return started;
    } catch (error) {
      note(messageOf(error));
      throw error;
    }
  }

  /** Run once, and seldom after it has failed: it may ask the person for something. It ends once nobody wants it any more. */
  async #passwordByCommand(alias: string, signal: AbortSignal): Promise<string | null> {
    const command = this.#sources.config.hosts.overrides[alias]?.server_password_command;
    if (command === undefined) return null;
    const asking = this.#passwords.get(alias) ?? this.#ask(alias, command);
    asking.waiting += 1;
    const gone = Promise.withResolvers<never>();
    const release = onAbort(signal, () => gone.reject(signal.reason));
    try {
      return await Promise.race([asking.password, gone.promise]);
    } finally {
      release();
      asking.waiting -= 1;
      if (asking.waiting === 0 && !asking.over) {
        this.#passwords.delete(alias);
        asking.stop.abort();
      }
    }
  }

  #ask(alias: string, command: string): Asking {
    const stop = new AbortController();
    const asking = { password: printPassword(alias, command, stop.signal), stop, waiting: 0, over: false };
    this.#passwords.set(alias, asking);
    const forget = () => {
      asking.over = true;
      if (!stop.signal.aborted) setTimeout(() => this.#passwords.delete(alias), PASSWORD_PAUSE).unref();
    };
    asking.password.then(() => (asking.over = true), forget);
    return asking;
  }
}

/** In a session of its own: it can neither paint over the dashboard nor take its keys. */
async function printPassword(alias: string, command: string, signal: AbortSignal): Promise<string> {
  const invocation = { file: '/bin/sh', args: ['-c', command], env: process.env, judge: (end: ChildEnd) => end };
  const child = new RunningChild(invocation, 'output');
  const chunks: Buffer[] = [];
  let length = 0;
  let why: string | null = null;
  const end = (reason: string) => {
    why ??= reason;
    child.kill();
  };
  child.process.stdout?.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    length += chunk.length;
    if (length > LONGEST_PASSWORD) end('it printed too much');
  });
  child.process.stderr?.resume();
  const timer = setTimeout(() => end(`it took longer than ${PASSWORD_TIMEOUT / 1000} s`), PASSWORD_TIMEOUT);
  const release = onAbort(signal, () => end('it was given up'));
  const ended = await child.ended;
  clearTimeout(timer);
  release();
  const password = Buffer.concat(chunks)
    .toString()
    .replace(/\r?\n$/, '');
  // Nothing that it has printed: that may be the password.
  const reason = why ?? whyItFailed(ended) ?? (password === '' ? 'it printed nothing' : null);
  if (reason !== null) throw new UserError(`hosts.overrides.${alias}.server_password_command failed: ${reason}`);
  return password;
}

function whyItFailed(end: ChildEnd): string | null {
  if (end instanceof TransportError) return 'it was not run';
  if (end.code === 0) return null;
  return end.code === null ? `${end.signal}` : `exit status ${end.code}`;
}

/** What a server is found by: the store knows the links, the hub what speaks over them. */
export interface ClientSources {
  readonly fleet: FleetStore;
  readonly hub: Pick<LiveHub<ServerClient>, 'sourceOf'>;
  readonly servers: Pick<Servers, 'startOwn'>;
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
  const entry = sources.fleet.getState().entries.get(alias);
  if (!entry?.snapshot) throw new UserError(`${alias} has not answered yet`);
  if (isReadOnly(sources.fleet.getState().settings, alias)) {
    throw new UserError(`no server lets us in on ${alias}, and none is started there: it is read-only`);
  }
  const { server } = await sources.servers.startOwn(entry.host, entry.snapshot.opencode.path, signal);
  const isListed = () =>
    sources.fleet
      .getState()
      .entries.get(alias)
      ?.snapshot?.servers.some(({ port, own }) => own && port === server.port);
  for (let asked = 0; asked < LISTINGS && !isListed() && !signal.aborted; asked += 1) await sources.refreshHost(alias);
  const started = await waitForLink(sources, alias, sessionId, signal);
  if (started === null) throw new TransportError('timeout', `the server on ${alias} cannot be followed`);
  return started;
}

/**
 * What speaks to the server that a session runs on, else to any of its host; `null` while there is none. `settled` is false while a link is being made.
 * Starts nothing.
 */
export function clientNow(
  { fleet, hub }: Pick<ClientSources, 'fleet' | 'hub'>,
  alias: string,
  sessionId: string | null,
): { readonly client: ServerClient | null; readonly settled: boolean } {
  const entry = fleet.getState().entries.get(alias);
  if (entry === undefined) return { client: null, settled: true };
  const { live, snapshot } = entry;
  const asked = [...live.requests.values()].find(({ request }) => request.sessionId === sessionId);
  const wanted = asked?.server ?? (sessionId === null ? undefined : live.sessions.get(sessionId)?.server);
  const keys = [...(wanted === undefined ? [] : [wanted]), ...(snapshot?.servers ?? []).map(serverKey)];
  const states = keys.map((key) => ({ key, state: live.servers.get(key)?.state ?? 'connecting' }));
  for (const { key, state } of states) {
    const client = isFollowed(state) ? hub.sourceOf(alias, key) : null;
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
    const unsubscribe = sources.fleet.subscribe(settle);
    signal.addEventListener('abort', onAbort, { once: true });
    settle();
  });
}
