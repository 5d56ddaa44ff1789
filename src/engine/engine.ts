import { tmpdir } from 'node:os';
import type { Activity } from '../domain/activity.ts';
import type { Host, UrlRoute } from '../domain/host.ts';
import type { LiveEvent } from '../domain/live.ts';
import { serverAt } from '../domain/server.ts';
import type { Session } from '../domain/session.ts';
import type { SessionRef } from '../domain/session-ref.ts';
import type { Snapshot } from '../domain/snapshot.ts';
import type { FleetStore } from '../fleet/fleet-store.ts';
import { checkShell } from '../fleet/no-shell.ts';
import { NotAnswered } from '../fleet/not-answered.ts';
import { isReadOnly, ReadOnlyError } from '../fleet/read-only.ts';
import { onAbort } from '../lib/abort.ts';
import { systemClock } from '../lib/clock.ts';
import { UserError } from '../lib/errors.ts';
import { Listeners } from '../lib/listeners.ts';
import type { Logger } from '../lib/logger.ts';
import type { AttachServer } from '../opencode/attach-command.ts';
import type { ContentSource } from '../opencode/content-source.ts';
import type { ServerClient } from '../opencode/server/server-client.ts';
import { OwnPasswords } from '../opencode/server-process/own-passwords.ts';
import type { OwnServer } from '../opencode/server-process/own-server.ts';
import type { ContentQuery } from '../opencode/stored-content.ts';
import type { ClientTarget, OperationContext, Use } from '../operations/context.ts';
import { Prober } from '../probe/prober.ts';
import { readLogin } from '../probe/read-login.ts';
import { LiveHub } from '../refresh/live-hub.ts';
import { Refresher, type RefreshOptions } from '../refresh/refresher.ts';
import type { Interaction } from '../transport/interaction.ts';
import { sweepTemporaryFolders } from '../transport/openssh/sweep.ts';
import type { RunLimits, Transport } from '../transport/transport.ts';
import type { TransportPool } from '../transport/transport-pool.ts';
import { findAttachServer } from './attach-server.ts';
import { ClientPool } from './client-pool.ts';
import { ChangeableConfig } from './config-source.ts';
import { createConnections } from './connections.ts';
import { createContentSources } from './content-sources.ts';
import { clientNow, findClient } from './find-client.ts';
import { fleetSettings } from './fleet-settings.ts';
import type { InstanceLogin } from './instance-login.ts';
import type { OpenedFleet } from './open-fleet.ts';
import { type ContextScope, createContext } from './operation-context.ts';
import { queryDatabase } from './query-database.ts';
import { Rediscovery } from './rediscovery.ts';
import { Servers } from './servers.ts';
import { SessionEvents } from './session-events.ts';
import type { Setup } from './setup.ts';
import { createUrlProbe } from './url-probe.ts';

export interface EngineOptions {
  /** Returns the interaction for connections without the user; by default none. */
  readonly interactionOf?: RefreshOptions['interactionOf'];
  /** Resolves when a handshake may start (`KeysFirst`); by default at once. */
  readonly turn?: RefreshOptions['turn'];
  /** False to open no event streams, for a face that asks once and ends. */
  readonly isFollowing?: boolean;
  /** False to ask a host that failed again only when it is needed. */
  readonly isRetrying?: boolean;
  /** False to start no server on a host that has none. */
  readonly mayStartServers?: boolean;
}

/** A server in its first second may not answer at all. */
const LISTING_TIMEOUT_MS = 10_000;

/**
 * Knows every host and hands out the ways to them, for all faces alike. The only keeper of connections, clients and event streams: `close` ends them
 * all. Load it after the first frame, since SSH is the greater part of the program.
 */
export class Engine {
  readonly fleet: FleetStore;
  readonly config: ChangeableConfig;
  /** Returns how many milliseconds a host may take to answer. */
  readonly timeoutOf: (alias: string) => number;
  /** Connects to a host, and lets `interaction` answer questions. Rejects with a TransportError or a NoShellError. */
  readonly connect: (host: Host, interaction: Interaction | null, signal: AbortSignal) => Promise<Transport>;
  readonly #connections: TransportPool;
  readonly #servers: Servers;
  readonly #clients: ClientPool<ServerClient>;
  readonly #events: SessionEvents;
  readonly #refresher: Refresher;
  readonly #rediscovery: Rediscovery;
  readonly #logger: Logger;
  readonly #mayStart: boolean;
  readonly #contentOf: (alias: string, sessionId: string) => ContentSource | null;

  constructor(
    opened: OpenedFleet,
    setup: Setup,
    {
      interactionOf = () => null,
      isFollowing = true,
      isRetrying = true,
      mayStartServers = true,
      turn,
    }: EngineOptions = {},
  ) {
    const { fleet, discovery, cache } = opened;
    const { logger } = setup;
    const config = new ChangeableConfig(setup.config);
    const connections = createConnections(setup, config, discovery.resolver);
    const timeoutOf = (alias: string) => {
      const { hosts, polling } = config.current();
      return hosts.overrides[alias]?.timeout ?? polling.timeout;
    };
    const connect = async (host: Host, interaction: Interaction | null, signal: AbortSignal) => {
      checkShell(host);
      return await connections.get(host, { signal, interaction, timeout: timeoutOf(host.alias) });
    };
    const events = new SessionEvents();
    const passwords = new OwnPasswords();
    const servers = new Servers({
      config,
      fleet,
      passwords,
      transport: (host, signal) => connect(host, null, signal),
    });
    const clients = new ClientPool((host, server, signal) => servers.connect(host, server, signal));
    const prober = new Prober(connections, systemClock, {
      readLogin,
      passwords,
      probeUrl: createUrlProbe(setup, config, clients),
      sessionsByHttp: async (host, _transport, server, signal) => {
        const client = await clients.borrow(host, server, signal);
        const inTime = AbortSignal.any([signal, AbortSignal.timeout(LISTING_TIMEOUT_MS)]);
        return client.sessionsQuietly(inTime).catch(async (error: unknown) => {
          // The next attempt logs in again.
          if (servers.isUnauthorized(error)) await clients.discard(client);
          throw error;
        });
      },
    });
    const outdated = new Listeners<string>();
    const hub = new LiveHub<ServerClient>({
      report: (event) => {
        fleet.report(event);
        if (event.kind === 'reported') events.publish(event.alias, event.events);
      },
      entryOf: (alias) => fleet.getState().entries.get(alias),
      borrow: (host, server, signal) => clients.borrow(host, server, signal),
      discard: (client) => clients.discard(client),
      forget: (alias, server) => clients.forget(alias, server),
      isUnauthorized: (error) => servers.isUnauthorized(error),
      isUnproven: (error) => servers.isUnproven(error),
      askAgain: (alias) => outdated.call(alias),
      clock: systemClock,
      random: Math.random,
      logger,
    });
    const refresher = new Refresher(
      {
        fleet,
        prober,
        resolver: discovery.resolver,
        cache,
        clock: systemClock,
        random: Math.random,
        logger,
        live: isFollowing ? hub : null,
        onConnected: (listener) => connections.onConnected(listener),
        forgetFailures: () => connections.forgetFailures(),
      },
      {
        get interval() {
          return config.current().polling.interval;
        },
        maxParallel: setup.config.polling.max_parallel,
        get enrich() {
          return config.current().sessions.enrich_from_db;
        },
        isRetrying,
        timeoutOf,
        mayStartOpencode: (alias) => !isReadOnly(fleet.getState().settings, alias),
        interactionOf,
        ...(turn && { turn }),
      },
    );
    const rediscovery = new Rediscovery({
      ...{ config, discovery, fleet, notices: setup.notices },
      onFound: (alias) => void refresher.refreshHost(alias),
      onGone: (alias) => {
        hub.leave(alias);
        connections.retire(alias);
      },
      onChanged: (alias, { url }) => {
        // The next client logs in with the new credentials.
        clients.forget(alias, serverAt(url));
        void refresher.askAgain(alias);
      },
    });
    outdated.add((alias) => void refresher.askAgain(alias));
    config.subscribe((changed, before) => {
      fleet.setState({ settings: fleetSettings(changed) });
      if (changed.polling.interval !== before.polling.interval) refresher.reschedule();
    });
    this.fleet = fleet;
    this.config = config;
    this.timeoutOf = timeoutOf;
    this.connect = connect;
    this.#events = events;
    this.#connections = connections;
    this.#servers = servers;
    this.#clients = clients;
    this.#refresher = refresher;
    this.#rediscovery = rediscovery;
    this.#contentOf = createContentSources({ fleet, clients }, (host, snapshot, query, signal) =>
      prober.query(host, snapshot, query, {
        signal,
        timeout: timeoutOf(host.alias),
        enrich: true,
        interaction: null,
        mayStartOpencode: false,
      }),
    );
    this.#logger = logger;
    this.#mayStart = mayStartServers;
  }

  /** Polls every host now, and again in every interval. */
  start(): void {
    void this.#sweep();
    this.#refresher.start();
    void this.#rediscovery.run();
  }

  /** Polls every host once, see `Refresher.askOnce`, after the commands have listed theirs; or these hosts alone. */
  async askOnce(versions: boolean, aliases?: readonly string[]): Promise<void> {
    void this.#sweep();
    if (aliases === undefined) await this.#rediscovery.run();
    await this.#refresher.askOnce(versions, aliases);
  }

  /** Polls every host now at the user's request. */
  refreshAll(): void {
    this.#refresher.refreshAll();
    void this.#rediscovery.runAll();
  }

  /** Polls these hosts now and waits for all of them; a snapshot is `null` if its host failed. Rejects when the signal aborts. */
  async refresh(aliases: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, Snapshot | null>> {
    signal.throwIfAborted();
    const aborted = Promise.withResolvers<never>();
    const release = onAbort(signal, () => aborted.reject(signal.reason));
    const polls = aliases.map(async (alias) => [alias, await this.refreshHost(alias)] as const);
    return Promise.race([Promise.all(polls), aborted.promise])
      .then((found) => new Map(found))
      .finally(release);
  }

  /** Polls one host now, or waits for the poll in flight; `null` if it failed. */
  refreshHost(alias: string): Promise<Snapshot | null> {
    return this.#refresher.refreshHost(alias);
  }

  /** Creates the context of a face's operations. It refuses writers on read-only hosts. */
  context(scope: ContextScope): OperationContext {
    return createContext(this, scope);
  }

  /** Returns the connection of a host. Rejects with a TransportError, a UserError or, for writers, a ReadOnlyError. */
  async transport(alias: string, use: Use, signal: AbortSignal): Promise<Transport> {
    this.#check(alias, use);
    return await this.connect(this.#hostOf(alias), null, signal);
  }

  /** Returns a client of the server of a session, or of any server of the host, see `findClient`. Rejects also with a ReadOnlyError, for writers. */
  async clientFor(
    { alias, id }: ClientTarget,
    use: Use,
    signal: AbortSignal,
    mayStart = this.#mayStart,
  ): Promise<ServerClient> {
    this.#check(alias, use);
    const refreshHost = (name: string) => this.refreshHost(name);
    return await findClient(
      { fleet: this.fleet, clients: this.#clients, servers: this.#servers, mayStart, refreshHost },
      alias,
      id,
      signal,
    );
  }

  /** Returns a client of each server that is listed on a host, by its address as the host sees it, such as `127.0.0.1:4096`; leaves out those that do not let us in. Starts nothing. */
  async clientsOf(alias: string, signal: AbortSignal): Promise<ReadonlyMap<string, ServerClient>> {
    const { host, snapshot } = this.fleet.getState().entries.get(alias) ?? { host: null, snapshot: null };
    if (host === null) return new Map();
    const found = await Promise.all(
      (snapshot?.servers ?? []).map(async (server) => {
        const client = await this.#clients.borrow(host, server, signal).catch(() => null);
        return client === null ? [] : [[`${server.hostname}:${server.port}`, client] as const];
      }),
    );
    return new Map(found.flat());
  }

  /** Returns a client of a followed server; `null` if there is none. Starts nothing. */
  clientNow(alias: string, id: string | null): ServerClient | null {
    return clientNow({ fleet: this.fleet, clients: this.#clients }, alias, id);
  }

  /**
   * Returns ocr's own server on a host, started if it does not run, over one start for all who want it. Rejects with a ReadOnlyError, a UserError, a NotAnswered, a
   * TransportError or a ServerProcessError.
   */
  async startServer(alias: string, signal: AbortSignal): Promise<OwnServer> {
    this.#check(alias, 'write');
    const host = this.#hostOf(alias);
    checkShell(host);
    const path = this.fleet.getState().entries.get(alias)?.snapshot?.opencode.path;
    if (path === undefined) throw new NotAnswered(alias);
    return await this.#servers.startOwn(host, path, signal);
  }

  /** Returns the server to attach a session through, see `findAttachServer`. Rejects also with a NoShellError. */
  async attachServer(host: Host, session: Session, signal: AbortSignal): Promise<AttachServer> {
    checkShell(host);
    return await findAttachServer({ fleet: this.fleet, servers: this.#servers }, host, session, signal);
  }

  /** Returns the credentials that an opencode on this machine attaches to an instance with. Rejects with a UserError. */
  instanceLogin(alias: string, { url }: UrlRoute, signal: AbortSignal): Promise<InstanceLogin> {
    return this.#servers.instanceLogin(alias, url, signal);
  }

  /** Calls the listener for each event of a session. Returns the function that stops this. */
  listen(ref: SessionRef, listener: (event: LiveEvent) => void): () => void {
    return this.#events.listen(ref, listener);
  }

  /** Returns the source of a session's content; `null` if no server accepts us. Starts nothing. */
  contentOf({ alias, id }: SessionRef): ContentSource | null {
    return this.#contentOf(alias, id);
  }

  /** Runs a query on a host's database, in a shell of its own. Rejects with a TransportError, a UserError or an ExpectedError. */
  async queryDatabase<Value>(
    alias: string,
    query: ContentQuery<Value>,
    limits: Pick<RunLimits, 'signal' | 'idleTimeout'>,
  ): Promise<Value> {
    const host = this.#hostOf(alias);
    checkShell(host);
    const snapshot = this.fleet.getState().entries.get(alias)?.snapshot;
    if (!snapshot) throw new NotAnswered(alias);
    return await queryDatabase(await this.connect(host, null, limits.signal), snapshot, query, limits);
  }

  /** Adds an entry to a host's activity log. */
  log(alias: string, activity: Activity): void {
    this.fleet.report({ kind: 'did', alias, activity });
  }

  isReadOnly(alias: string): boolean {
    return isReadOnly(this.fleet.getState().settings, alias);
  }

  /** Ends polls, streams, clients and connections. Resolves when the findings are on disk. */
  async close(): Promise<void> {
    this.#rediscovery.close();
    await Promise.allSettled([this.#refresher.close(), this.#servers.close()]);
    await this.#clients.close();
    this.#connections.close();
  }

  /** Removes the temporary folders of killed processes. Never rejects. */
  async #sweep(): Promise<void> {
    const swept = await Promise.all([...new Set([tmpdir(), '/tmp'])].map(sweepTemporaryFolders));
    if (swept.flat().length > 0) this.#logger.info('swept what a killed ocr left', { folders: swept.flat() });
  }

  #check(alias: string, use: Use): void {
    if (use === 'write' && this.isReadOnly(alias)) throw new ReadOnlyError(alias);
  }

  #hostOf(alias: string): Host {
    const host = this.fleet.getState().entries.get(alias)?.host;
    if (host === undefined) throw new UserError(`${alias} is no longer listed`);
    return host;
  }
}
