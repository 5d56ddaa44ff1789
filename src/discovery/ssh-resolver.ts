import { execFile } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { promisify } from 'node:util';
import pLimit from 'p-limit';
import type { Route } from '../domain/host.ts';
import { codeOf, messageOf } from '../lib/errors.ts';
import { loadRouteCache, saveRouteCache } from './route-cache.ts';
import type { SeenFile } from './ssh-config-walk.ts';
import { parseSshOptions } from './ssh-options.ts';

const run = promisify(execFile);
/** Milliseconds; `Match exec` and name canonicalisation can take their time. */
const RESOLVE_TIMEOUT = 10_000;
/** Read by ssh besides the person's own file, unless -F names one (ssh(1), FILES). */
const SYSTEM_CONFIGS = ['/etc/ssh/ssh_config', '/etc/ssh/ssh_config.d'];

/** Knows how each alias is reached. */
export interface SshResolver {
  /** The route that an earlier run learnt from the same files; `null` when ssh must be asked. */
  cached(alias: string): Route | null;
  /** Asks `ssh -G`; what cannot be resolved is a route of kind `unresolved` with its reason. */
  resolve(alias: string, signal: AbortSignal): Promise<Route>;
  /** Keeps what was learnt for the next run. */
  save(): Promise<void>;
}

export interface ResolverOptions {
  /** The file given by `--ssh-config`; `null` lets ssh find its own. */
  readonly configFile: string | null;
  /** The files that the aliases came from. */
  readonly files: readonly SeenFile[];
  /** Where to keep what was learnt; `null` keeps nothing. */
  readonly cacheFile: string | null;
}

export async function createSshResolver(options: ResolverOptions): Promise<SshResolver> {
  const system = options.configFile === null ? await seeFiles(SYSTEM_CONFIGS) : [];
  const fingerprint = JSON.stringify([options.configFile, ...options.files, ...system]);
  const routes = options.cacheFile === null ? new Map() : await loadRouteCache(options.cacheFile, fingerprint);
  const limit = pLimit(availableParallelism() * 2);
  let changed = false;
  return {
    cached: (alias) => routes.get(alias) ?? null,
    resolve: (alias, signal) =>
      limit(async () => {
        const route = await askSsh(alias, options.configFile, signal);
        if (route.kind === 'ssh') {
          routes.set(alias, route);
          changed = true;
        }
        return route;
      }),
    save: async () => {
      if (changed && options.cacheFile !== null) await saveRouteCache(options.cacheFile, fingerprint, routes);
      changed = false;
    },
  };
}

async function askSsh(alias: string, configFile: string | null, signal: AbortSignal): Promise<Route> {
  const from = configFile === null ? [] : ['-F', configFile];
  try {
    const { stdout } = await run('ssh', [...from, '-G', '--', alias], { signal, timeout: RESOLVE_TIMEOUT });
    const options = parseSshOptions(stdout, alias);
    if (options !== null) return { kind: 'ssh', options };
    return { kind: 'unresolved', reason: `ssh -G ${alias} printed no host name, user and port` };
  } catch (error) {
    if (codeOf(error) === 'ENOENT')
      return { kind: 'unresolved', reason: 'the program ssh was not found; install OpenSSH' };
    const stderr = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : '';
    return { kind: 'unresolved', reason: `ssh -G ${alias} failed: ${stderr.split('\n')[0] || messageOf(error)}` };
  }
}

async function seeFiles(paths: readonly string[]): Promise<SeenFile[]> {
  const seen = await Promise.all(
    paths.map(async (path) => {
      const found = await stat(path).catch(() => null);
      return found === null ? [] : [{ path, mtime: found.mtimeMs, size: found.size }];
    }),
  );
  return seen.flat();
}
