import { access } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { setImmediate } from 'node:timers/promises';
import { controlDirectory } from '../config/paths.ts';
import type { Config } from '../config/schema.ts';
import { type Discovery, discoverHosts } from '../discovery/discover.ts';
import type { Activity } from '../domain/activity.ts';
import { FleetStore } from '../fleet/fleet-store.ts';
import { hostsDiscovered, snapshotsRestored } from '../fleet/fleet-transitions.ts';
import { systemClock } from '../lib/clock.ts';
import { messageOf, UserError } from '../lib/errors.ts';
import type { ServerClient } from '../opencode/server/server-client.ts';
import { createSnapshotCache, type SnapshotCache } from '../probe/snapshot-cache.ts';
import type { RefreshOptions } from '../refresh/refresher.ts';
import type { ViewSettings } from '../store/settings.ts';
import type { BootstrapPlan } from '../transport/openssh/control-master.ts';
import type { Setup } from './options.ts';

/** The fleet as it is known before any host was asked. */
export interface OpenedFleet {
  readonly fleet: FleetStore;
  readonly discovery: Discovery;
  readonly cache: SnapshotCache | null;
  readonly warnings: readonly string[];
  /** Restores the hosts that were left out at first, in slices between which frames and keys go first. Gives warnings. */
  restoreRest(): Promise<readonly string[]>;
}

/** Milliseconds that a server may take to list its sessions: in its first second it may not answer at all. */
const READING_TIMEOUT = 10_000;
/** Hosts restored at a time while the screen is up. */
const SLICE = 10;

/** Finds the hosts and what earlier runs knew of the `first` ones: as many as are seen. Rejects with a UserError when a named ssh config is not there. */
export async function openFleet(setup: Setup, first: number): Promise<OpenedFleet> {
  const { config, sources } = setup;
  if (sources.sshConfigGiven) {
    await access(sources.sshConfigFile).catch((cause: unknown) => {
      throw new UserError(`${sources.sshConfigFile}: cannot read the ssh config: there is no such file`, { cause });
    });
  }
  const fleet = new FleetStore(viewSettings(config));
  const notKept = (folder: string) => (error: unknown) =>
    setup.notices.add(folder, `${folder}: cannot save what ocr learnt about the hosts: ${messageOf(error)}`);
  const discovery = await discoverHosts(config.hosts, sources);
  fleet.setState(hostsDiscovered(discovery.hosts));
  const cache =
    setup.snapshotFolder === null ? null : createSnapshotCache(setup.snapshotFolder, notKept(setup.snapshotFolder));
  const aliases = discovery.hosts.map(({ alias }) => alias);
  const restore = async (from: number, to: number): Promise<readonly string[]> => {
    const restored = await cache?.load(aliases.slice(from, to));
    if (restored === undefined) return [];
    fleet.setState(snapshotsRestored(restored.snapshots));
    return restored.warnings;
  };
  const warnings = [...setup.warnings, ...discovery.warnings, ...(await restore(0, first))];
  const restoreRest = async () => {
    const more: string[] = [];
    for (let from = first; from < aliases.length; from += SLICE) {
      await setImmediate();
      more.push(...(await restore(from, from + SLICE)));
    }
    return more;
  };
  return { fleet, discovery, cache, warnings, restoreRest };
}

/** Where the ssh commands that a person is shown leave their ControlMaster, and for how long. */
export function masterPlan({ config, sources }: Setup): BootstrapPlan {
  return {
    folder: controlDirectory(process.env),
    persist: config.ssh.control_persist,
    configFile: sources.sshConfigGiven ? sources.sshConfigFile : null,
  };
}

/** What of the configuration decides on how the fleet is shown. */
export function viewSettings(config: Config): ViewSettings {
  return {
    sortBy: config.sessions.sort_by,
    showArchived: config.sessions.show_archived,
    maxDisplay: config.sessions.max_display,
    activeThreshold: config.display.active_threshold,
    idleThreshold: config.display.idle_threshold,
    stalledAfter: config.attention.stalled_after,
    snooze: config.attention.snooze,
    readonly: readonlyHosts(config),
  };
}

function readonlyHosts({ readonly, hosts }: Config): ViewSettings['readonly'] {
  if (readonly) return true;
  const listed = Object.entries(hosts.overrides).filter(([, override]) => override.readonly);
  return listed.length === 0 ? false : new Set(listed.map(([alias]) => alias));
}

/**
 * Starts what asks the hosts. Loaded only now, since SSH is the greater part of the program and the first frame does without.
 */
export async function startRefresher(
  { fleet, discovery, cache }: OpenedFleet,
  setup: Setup,
  interactionOf: RefreshOptions['interactionOf'] = () => null,
) {
  const [
    { TransportPool },
    { createConnector },
    { masterPathOf },
    { Prober },
    { readLogin },
    { Refresher },
    { LiveHub },
    { Servers },
    { ClientPool },
    { OwnPasswords },
    { createContentSources },
    { sweepTemporaryFolders },
  ] = await Promise.all([
    import('../transport/transport-pool.ts'),
    import('../transport/connector.ts'),
    import('../transport/openssh/control-master.ts'),
    import('../probe/prober.ts'),
    import('../probe/read-login.ts'),
    import('../refresh/refresher.ts'),
    import('../refresh/live-hub.ts'),
    import('./servers.ts'),
    import('../engine/client-pool.ts'),
    import('../opencode/server-process/own-passwords.ts'),
    import('./content-sources.ts'),
    import('../transport/openssh/sweep.ts'),
  ]);
  void Promise.all([...new Set([tmpdir(), '/tmp'])].map(sweepTemporaryFolders)).then((swept) => {
    if (swept.flat().length > 0) setup.logger.info('swept what a killed ocr left', { folders: swept.flat() });
  });
  const { config } = setup;
  const { polling, hosts, sessions, ssh } = config;
  const { resolver } = discovery;
  const masters = masterPlan(setup);
  const pool = new TransportPool({
    clock: systemClock,
    resolveHop: (hop, signal) => resolver.resolveDestination(hop, signal),
    connect: createConnector({
      maxHandshakes: polling.max_parallel,
      environment: process.env,
      choiceOf: (name) => hosts.overrides[name]?.transport ?? ssh.transport,
      masterPathOf: (name) => masterPathOf(masters.folder, name),
      openssh: {
        controlMaster: ssh.control_master,
        controlPersist: ssh.control_persist,
        controlPath: ssh.control_path ?? null,
        configFile: masters.configFile,
      },
    }),
  });
  const timeoutOf = (alias: string) => hosts.overrides[alias]?.timeout ?? polling.timeout;
  const passwords = new OwnPasswords();
  const servers = new Servers({
    config: setup.config,
    fleet,
    passwords,
    transport: (host, signal) => pool.get(host, { signal, timeout: timeoutOf(host.alias), interaction: null }),
  });
  const clients = new ClientPool<ServerClient>((host, server, signal) => servers.connect(host, server, signal));
  const prober = new Prober(pool, systemClock, {
    readLogin,
    passwords,
    sessionsByHttp: async (host, _transport, server, signal) => {
      const client = await clients.borrow(host, server, signal);
      const inTime = AbortSignal.any([signal, AbortSignal.timeout(READING_TIMEOUT)]);
      return client.sessionsQuietly(inTime).catch(async (error: unknown) => {
        // Its login may have changed since.
        if (servers.isUnauthorized(error)) await clients.discard(client);
        throw error;
      });
    },
  });
  const hub = new LiveHub({
    report: (event) => fleet.report(event),
    entryOf: (alias) => fleet.getState().entries.get(alias),
    borrow: (host, server, signal) => clients.borrow(host, server, signal),
    discard: (client) => clients.discard(client),
    forget: (alias, server) => clients.forget(alias, server),
    isUnauthorized: (error) => servers.isUnauthorized(error),
    isUnproven: (error) => servers.isUnproven(error),
    askAgain: (alias) => void refresher.refreshHost(alias),
    clock: systemClock,
    random: Math.random,
    logger: setup.logger,
  });
  const refresher = new Refresher(
    {
      fleet,
      live: hub,
      prober,
      resolver,
      onConnected: (listener) => pool.onConnected(listener),
      forgetFailures: () => pool.forgetFailures(),
      cache,
      clock: systemClock,
      random: Math.random,
      logger: setup.logger,
    },
    {
      interval: polling.interval,
      maxParallel: polling.max_parallel,
      enrich: sessions.enrich_from_db,
      timeoutOf,
      mayStartOpencode: (alias) => !config.readonly && hosts.overrides[alias]?.readonly !== true,
      interactionOf,
    },
  );
  const limitsOf = (alias: string, signal: AbortSignal) => ({
    ...{ signal, timeout: timeoutOf(alias), enrich: true, interaction: null, mayStartOpencode: false },
  });
  const clientOf = createContentSources({ fleet, hub }, (host, snapshot, query, signal) =>
    prober.query(host, snapshot, query, limitsOf(host.alias, signal)),
  );
  const record = (alias: string, activity: Activity) => fleet.report({ kind: 'did', alias, activity });
  return { refresher, pool, timeoutOf, hub, servers, clientOf, record };
}
