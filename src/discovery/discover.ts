import type { Config } from '../config/schema.ts';
import { DEFAULT_PRIORITY, type Host, LOCAL_ALIAS, type Route } from '../domain/host.ts';
import { createNameMatcher } from '../lib/glob.ts';
import { isHostName } from './host-patterns.ts';
import { type SshConfigWalk, walkSshConfig } from './ssh-config-walk.ts';
import { createSshResolver, type SshResolver } from './ssh-resolver.ts';

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
}

export interface Discovery {
  /** Highest priority first. Routes that are `unresolved` without a reason have not been resolved yet. */
  readonly hosts: readonly Host[];
  readonly resolver: SshResolver;
  readonly warnings: readonly string[];
}

/** Lists the hosts of the ssh config and this machine, as the configuration filters, names and orders them. Spawns nothing. */
export async function discoverHosts(config: Config['hosts'], sources: DiscoverySources): Promise<Discovery> {
  const walk = await walkSshConfig(sources.sshConfigFile, sources.home);
  const resolver = await createSshResolver({
    configFile: sources.sshConfigGiven ? sources.sshConfigFile : null,
    walks: sources.sshConfigGiven ? [walk] : [walk, await walkSystemConfig(sources.home)],
    cacheFile: sources.routeCacheFile,
  });
  const included = await createNameMatcher(config.include);
  const ignored = await createNameMatcher(config.ignore);
  const groupOf = await createGrouping(config.groups);
  const named = nameLiterally(config.include, walk.aliases);
  const isTaken = (alias: string) => config.local && alias === LOCAL_ALIAS;
  const listed = [...walk.aliases, ...named.names].filter(
    (alias) => included(alias) && !ignored(alias) && !isTaken(alias),
  );
  const hosts = listed.map((alias) =>
    describeHost(alias, resolver.cached(alias) ?? { kind: 'unresolved', reason: null }, config, groupOf),
  );
  if (config.local) hosts.unshift(describeHost(LOCAL_ALIAS, { kind: 'local' }, config, groupOf));
  hosts.sort((a, b) => a.priority - b.priority);
  const taken = walk.aliases.find((alias) => isTaken(alias) && !ignored(alias));
  const warnings = [...walk.warnings, ...named.warnings];
  if (taken !== undefined) {
    const place = walk.places.get(taken) ?? sources.sshConfigFile;
    warnings.push(
      `${place}: the host ${taken} is not listed, since that name stands for this machine: rename it, or set hosts.local: false`,
    );
  }
  return { hosts, resolver, warnings };
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

function describeHost(alias: string, route: Route, config: Config['hosts'], groupOf: GroupOf): Host {
  const override = config.overrides[alias];
  return {
    alias,
    label: override?.label ?? alias,
    group: groupOf(alias),
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
