import { availableParallelism } from 'node:os';
import pLimit from 'p-limit';
import type { Route } from '../domain/host.ts';
import type { JumpDestination } from '../domain/jump.ts';
import { messageOf } from '../lib/errors.ts';
import { loadRouteCache, saveRouteCache } from './route-cache.ts';
import { fingerprintRoutes } from './route-fingerprint.ts';
import type { SshConfigWalk } from './ssh-config-walk.ts';
import { SshFailure } from './ssh-failure.ts';
import type { SshOutput } from './ssh-output.ts';
import { thisMachine } from './this-machine.ts';

/** Milliseconds; `Match exec` and name canonicalisation can take their time. */
const RESOLVE_TIMEOUT_MS = 10_000;

/** Knows how each alias is reached. */
export interface SshResolver {
  /** True when the answers may change while the files stay as they are: then nothing is kept between runs. */
  readonly volatile: boolean;
  /** Returns the route that an earlier run learned under the same conditions; `null` if ssh must be asked. */
  cached(alias: string): Route | null;
  /**
   * Asks `ssh -G`. If it fails, the route is `unresolved` with a reason, or `by-name` if a volatile one took too long,
   * so that only ssh itself can resolve it.
   */
  resolve(alias: string, signal: AbortSignal): Promise<Route>;
  /** The same for a hop of a ProxyJump, with the user and port that it names. Kept in memory alone. */
  resolveDestination(destination: JumpDestination, signal: AbortSignal): Promise<Route>;
  /** Saves the cache for the next run. */
  save(): Promise<void>;
}

export interface ResolverOptions {
  /** The file given by `--ssh-config`; `null` lets ssh find its own. */
  readonly configFile: string | null;
  /** The results of all files that ssh reads. */
  readonly walks: readonly SshConfigWalk[];
  /** Path of the cache; `null` keeps nothing. */
  readonly cacheFile: string | null;
  /** Milliseconds that one answer may take. */
  readonly timeout?: number;
  /** Returns the settings for `ssh -o` that a host has besides the ssh config; by default none. */
  readonly givenOf?: (alias: string) => readonly string[];
}

export async function createSshResolver(options: ResolverOptions): Promise<SshResolver> {
  const { configFile, walks, timeout = RESOLVE_TIMEOUT_MS, givenOf = () => [] } = options;
  const machine = thisMachine();
  const volatile = walks.some((walk) => walk.hasMatchExec || walk.asksNetwork);
  const cacheFile = volatile ? null : options.cacheFile;
  const fingerprint = await fingerprintRoutes(configFile, walks, machine);
  const routes = cacheFile === null ? new Map<string, Route>() : await loadRouteCache(cacheFile, fingerprint);
  const hops = new Map<string, Route>();
  const limit = pLimit(availableParallelism() * 2);
  const askDefaults = rememberDefaults(timeout);
  let changed = false;

  const ask = async (parameters: readonly string[], name: string, signal: AbortSignal): Promise<Route> => {
    const from = configFile === null ? [] : ['-F', configFile];
    const given = givenOf(name);
    const settings = given.flatMap((setting) => ['-o', setting]);
    try {
      const { parseSshOptions, runSsh } = await loadSsh();
      const defaults = await askDefaults(signal);
      const output = await runSsh([...from, '-G', ...parameters, ...settings, '--', name], timeout, signal);
      const found = parseSshOptions(output, name, defaults, machine);
      if (found !== null) return { kind: 'ssh', options: given.length === 0 ? found : { ...found, given } };
      return { kind: 'unresolved', reason: `ssh -G ${name} printed no host name, user and port` };
    } catch (error) {
      // By its name alone, ssh would not find a host that it does not know.
      return explainFailure(error, name, volatile && given.length === 0);
    }
  };

  return {
    volatile,
    cached: (alias) => {
      const route = routes.get(alias) ?? null;
      return route?.kind === 'ssh' && !sameSettings(route.options.given, givenOf(alias)) ? null : route;
    },
    resolve: (alias, signal) =>
      limit(async () => {
        const route = await ask([], alias, signal);
        if (route.kind === 'ssh' && !volatile) {
          routes.set(alias, route);
          changed = true;
        }
        return route;
      }),
    resolveDestination: ({ host, user, port }, signal) =>
      limit(async () => {
        const login = user === null ? [] : ['-l', user];
        const parameters = port === null ? login : [...login, '-p', String(port)];
        const key = JSON.stringify([parameters, host, givenOf(host)]);
        const known = hops.get(key);
        if (known !== undefined) return known;
        const route = await ask(parameters, host, signal);
        if (route.kind === 'ssh' && !volatile) hops.set(key, route);
        return route;
      }),
    save: async () => {
      if (changed && cacheFile !== null) await saveRouteCache(cacheFile, fingerprint, routes);
      changed = false;
    },
  };
}

/** True if a route was learned with these settings. */
export function sameSettings(learned: readonly string[] | undefined, given: readonly string[]): boolean {
  return (learned ?? []).join('\0') === given.join('\0');
}

/** Loads the code that runs `ssh -G` on demand: most starts know all routes from the cache. */
async function loadSsh() {
  const [run, options, output] = await Promise.all([
    import('./run-ssh.ts'),
    import('./ssh-options.ts'),
    import('./ssh-output.ts'),
  ]);
  return { ...run, ...options, ...output };
}

/** Asks once for ssh's defaults without a configuration. A caller that gives up does not fail the others. */
function rememberDefaults(timeout: number): (signal: AbortSignal) => Promise<SshOutput> {
  let asked: Promise<SshOutput> | null = null;
  return async function askDefaults(signal): Promise<SshOutput> {
    asked ??= loadSsh().then(async ({ readSshOutput, runSsh }) =>
      readSshOutput(await runSsh(['-F', 'none', '-G', '--', 'localhost'], timeout, signal)),
    );
    const mine = asked;
    try {
      return await mine;
    } catch (error) {
      if (asked === mine) asked = null;
      const byOther = error instanceof SshFailure && error.kind === 'aborted' && !signal.aborted;
      if (byOther) return askDefaults(signal);
      throw error;
    }
  };
}

function explainFailure(error: unknown, name: string, volatile: boolean): Route {
  const kind = error instanceof SshFailure ? error.kind : null;
  if (kind === 'missing') return { kind: 'unresolved', reason: 'the program ssh was not found; install OpenSSH' };
  const reason = `ssh -G ${name} failed: ${messageOf(error)}`;
  // A command or a name server that is slow now may answer ssh itself, which waits for as long as it takes.
  if (kind === 'timeout' && volatile) return { kind: 'by-name', reason };
  return { kind: 'unresolved', reason };
}
