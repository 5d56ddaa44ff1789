import { dirname, join } from 'node:path';
import type { Config } from '../config/schema.ts';
import { addressOfUrl, DEFAULT_PRIORITY, type Host, LOCAL_ALIAS, type Route } from '../domain/host.ts';
import { createNameMatcher } from '../lib/glob.ts';
import { isLoopback } from '../lib/loopback.ts';
import type { HostCommand } from './ask-host-command.ts';
import type { GivenHost } from './given-host.ts';
import { HostCommands } from './host-commands.ts';
import { isHostName } from './host-patterns.ts';
import { hostsOfInstances } from './instances.ts';
import { type SshConfigWalk, walkSshConfig } from './ssh-config-walk.ts';
import { createSshResolver, type SshResolver, sameSettings } from './ssh-resolver.ts';

/**
 * Read by ssh besides the user's own file, unless -F names one (ssh(1), FILES). Its hosts belong to the machine, not
 * the user, and are not listed.
 */
const SYSTEM_FOLDER = '/etc/ssh';

export interface DiscoverySources {
  /** The ssh config to list aliases from. */
  readonly sshConfigFile: string;
  /** True if the user named that file, so that ssh must be told. */
  readonly sshConfigGiven: boolean;
  /** Expansion of `~` in the ssh config. */
  readonly home: string;
  /** `null` keeps nothing between runs. */
  readonly routeCacheFile: string | null;
  /** Names the place where an instance is set, for warnings; by default its setting. */
  readonly placeOfInstance?: (name: string) => string;
}

/** The part of the configuration that decides which hosts are listed. */
export type DiscoveryConfig = Pick<Config, 'hosts' | 'discovery' | 'instances'>;

export interface DiscoveredHosts {
  /** Highest priority first. Routes that are `unresolved` without a reason have not been resolved yet. */
  readonly hosts: readonly Host[];
  readonly warnings: readonly string[];
}

export interface Discovery extends DiscoveredHosts {
  readonly resolver: SshResolver;
  /**
   * Runs the commands, reads the ssh config again, and lists the hosts as the configuration says now. Hosts that `known` returns keep their routes where these still hold. A command that
   * fails keeps the hosts of its last answer. Rejects when the signal aborts.
   */
  again(
    config: DiscoveryConfig,
    known: (alias: string) => Host | undefined,
    signal: AbortSignal,
  ): Promise<DiscoveredHosts>;
}

/** Beside the cache of routes. */
const GIVEN_HOSTS_FILE = 'given-hosts.json';

/**
 * Lists the hosts of the ssh config, of the last run of the commands, the instances and this machine, as the configuration filters, names and orders them. Spawns
 * nothing.
 */
export async function discoverHosts(
  config: Config['hosts'],
  sources: DiscoverySources,
  commands: readonly HostCommand[] = [],
  instances: Config['instances'] = {},
): Promise<Discovery> {
  let walk = await walkSshConfig(sources.sshConfigFile, sources.home);
  const { routeCacheFile } = sources;
  const runner = await HostCommands.open(
    routeCacheFile === null ? null : join(dirname(routeCacheFile), GIVEN_HOSTS_FILE),
  );
  let settings: ReadonlyMap<string, readonly string[]> = new Map();
  const resolver = await createSshResolver({
    configFile: sources.sshConfigGiven ? sources.sshConfigFile : null,
    walks: sources.sshConfigGiven ? [walk] : [walk, await walkSystemConfig(sources.home)],
    cacheFile: routeCacheFile,
    givenOf: (alias) => settings.get(alias) ?? [],
  });
  const list = (hosts: Config['hosts'], given: readonly GivenHost[], servers: Config['instances']) => {
    // An alias of the ssh config is reached as that says.
    const unknown = given.filter(({ alias }) => !walk.aliases.includes(alias));
    settings = new Map(unknown.map((host) => [host.alias, host.settings]));
    const instances = hostsOfInstances(servers);
    return listHosts({ config: hosts, sources, walk, given, instances, routeOf: (alias) => resolver.cached(alias) });
  };
  const again: Discovery['again'] = async ({ hosts, discovery, instances: servers }, known, signal) => {
    const failures = await runner.run(discovery.commands, signal);
    walk = await walkSshConfig(sources.sshConfigFile, sources.home);
    const found = await list(hosts, runner.hosts(discovery.commands), servers);
    const withRoutes = found.hosts.map((host) =>
      withKnownRoute(host, known(host.alias), settings.get(host.alias) ?? []),
    );
    return { hosts: withRoutes, warnings: [...found.warnings, ...failures] };
  };
  return { ...(await list(config, runner.hosts(commands), instances)), resolver, again };
}

/** Returns the host with the route that it had, if it has none yet and was reached with the same settings. */
function withKnownRoute(host: Host, before: Host | undefined, settings: readonly string[]): Host {
  if (before === undefined || host.route.kind !== 'unresolved') return host;
  const { route } = before;
  if (route.kind === 'url' || route.kind === 'local') return host;
  const holds = route.kind === 'ssh' ? sameSettings(route.options.given, settings) : settings.length === 0;
  return holds ? { ...host, route } : host;
}

const UNRESOLVED: Route = { kind: 'unresolved', reason: null };

interface Listing {
  readonly config: Config['hosts'];
  readonly sources: DiscoverySources;
  readonly walk: SshConfigWalk;
  readonly given: readonly GivenHost[];
  readonly instances: readonly Host[];
  /** `null` if it is not known yet. */
  routeOf(alias: string): Route | null;
}

async function listHosts(listing: Listing): Promise<DiscoveredHosts> {
  const { config, walk, given, instances, routeOf } = listing;
  const included = await createNameMatcher(config.include);
  const ignored = await createNameMatcher(config.ignore);
  const groupOf = await createGrouping(config.groups);
  const known = [...new Set([...walk.aliases, ...given.map(({ alias }) => alias)])];
  const servers = instances.filter(({ alias }) => !ignored(alias));
  const isServer = (alias: string) => servers.some((server) => server.alias === alias);
  const isTaken = (alias: string) => isServer(alias) || (config.local && alias === LOCAL_ALIAS);
  const named = nameLiterally(config.include, [...known, ...instances.map(({ alias }) => alias)]);
  const listed = [...known, ...named.names].filter((alias) => included(alias) && !ignored(alias) && !isTaken(alias));
  const byAlias = new Map(given.map((host) => [host.alias, host]));
  const hosts = listed.map((alias) =>
    describeHost(alias, routeOf(alias) ?? UNRESOLVED, { config, groupOf, given: byAlias.get(alias) }),
  );
  hosts.push(...servers.map((host) => describeHost(host.alias, host.route, { config, groupOf, given: host })));
  if (config.local && !isServer(LOCAL_ALIAS))
    hosts.unshift(describeHost(LOCAL_ALIAS, { kind: 'local' }, { config, groupOf, given: undefined }));
  hosts.sort((a, b) => a.priority - b.priority);
  const taken = known.filter((alias) => isTaken(alias) && !ignored(alias));
  return { hosts, warnings: [...walk.warnings, ...named.warnings, ...explainTaken(listing, taken, isServer)] };
}

/** Explains why hosts are not listed under names that are taken. */
function explainTaken(
  { config, sources, walk, given, instances }: Listing,
  taken: readonly string[],
  isServer: (alias: string) => boolean,
): string[] {
  const placeOf = (name: string) => sources.placeOfInstance?.(name) ?? `instances.${name}`;
  const warnings = taken.map((alias) => {
    const isGiven = given.some((host) => host.alias === alias);
    const place = walk.places.get(alias) ?? (isGiven ? 'discovery.commands' : sources.sshConfigFile);
    const [why, advice] = isServer(alias)
      ? [`${placeOf(alias)} has that name`, 'rename one of them']
      : ['that name stands for this machine', 'rename it, or set hosts.local: false'];
    return `${place}: the host ${alias} is not listed, since ${why}: ${advice}`;
  });
  // A server of this machine may stand for it.
  const isHere = instances.some(
    ({ alias, route }) => alias === LOCAL_ALIAS && route.kind === 'url' && isLoopback(addressOfUrl(route.url).hostname),
  );
  if (!config.local || !isServer(LOCAL_ALIAS) || isHere) return warnings;
  const advice = 'rename the instance, or set hosts.local: false';
  return [
    ...warnings,
    `${placeOf(LOCAL_ALIAS)} has the name of this machine, which is therefore not listed: ${advice}`,
  ];
}

/** Returns the names in `hosts.include` that the ssh config does not list: ssh reaches a host by any name. */
function nameLiterally(include: readonly string[], aliases: readonly string[]) {
  const literal = include.filter((pattern) => !/[*?[\]{}!()\\]/.test(pattern) && !aliases.includes(pattern));
  const names = [...new Set(literal)].filter((name) => name !== LOCAL_ALIAS);
  const warnings = names
    .filter((name) => !isHostName(name))
    .map((name) => `hosts.include: ${JSON.stringify(name)} is not listed: ssh does not accept it as a host name`);
  return { names: names.filter(isHostName), warnings };
}

function walkSystemConfig(home: string): Promise<SshConfigWalk> {
  return walkSshConfig(`${SYSTEM_FOLDER}/ssh_config`, home, SYSTEM_FOLDER);
}

interface Naming {
  readonly config: Config['hosts'];
  readonly groupOf: GroupOf;
  /** The words of the source that lists the host. */
  readonly given: Pick<GivenHost, 'label' | 'group'> | undefined;
}

function describeHost(alias: string, route: Route, { config, groupOf, given }: Naming): Host {
  const override = config.overrides[alias];
  return {
    alias,
    label: override?.label ?? given?.label ?? alias,
    group: groupOf(alias) ?? given?.group ?? null,
    priority: override?.priority ?? DEFAULT_PRIORITY,
    route,
    opencodePath: override?.opencode_path ?? null,
  };
}

/** Returns the group of an alias: the first of the configuration with a pattern that matches. */
type GroupOf = (alias: string) => string | null;

async function createGrouping(groups: Config['hosts']['groups']): Promise<GroupOf> {
  const matchers = await Promise.all(
    Object.entries(groups).map(async ([name, patterns]) => [name, await createNameMatcher(patterns)] as const),
  );
  return (alias) => matchers.find(([, matches]) => matches(alias))?.[0] ?? null;
}
