import { existsSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join, resolve } from 'node:path';
import { type GivenInstances, placeOfInstance, withInstances } from '../config/given-instances.ts';
import { loadConfig } from '../config/load.ts';
import { ParsedCache } from '../config/parsed-cache.ts';
import { cacheDirectory, defaultConfigPath, defaultSshConfigPath } from '../config/paths.ts';
import type { Setup } from '../engine/setup.ts';
import { messageOf, UserError } from '../lib/errors.ts';
import { type Logger, type LogLevel, openFileLogger, silentLogger } from '../lib/logger.ts';
import { Notices } from '../lib/notices.ts';
import { warningOfAccess } from '../lib/open-to-others.ts';

/** Set by the bundler; sources that run as they are keep nothing between runs. */
const BUILD = process.env.OCR_BUILD;

/** Options of the command line that apply to every verb. */
export interface GlobalOptions {
  readonly config?: string;
  readonly sshConfig?: string;
  /** The instances file. */
  readonly instances?: string;
  /** False with `--no-cache`. */
  readonly cache: boolean;
  /** True if nothing may be changed anywhere. */
  readonly readonly?: boolean;
  readonly logFile?: string;
  readonly logLevel: LogLevel;
}

/** Reads the configuration and finds the files that a verb works with. Rejects with a UserError. */
export async function setUp(options: GlobalOptions): Promise<Setup> {
  const cache = cacheDirectory(process.env);
  const parsed =
    options.cache && BUILD !== undefined ? await ParsedCache.open(join(cache, 'parsed.json'), BUILD) : null;
  const path = options.config ?? defaultConfigPath();
  const { config: loaded, warnings, keyLines } = await loadConfig(path, options.config !== undefined, parsed);
  const instances = await readInstances(options, process.env);
  const config = withInstances(loaded, instances?.given);
  const notices = new Notices();
  const log = openLog(options, notices);
  const ofLog = options.logFile === undefined ? null : await warningOfAccess(options.logFile, 'is the log');
  return {
    config: options.readonly ? { ...config, readonly: true } : config,
    configFile: path,
    configOrigin: options.config !== undefined ? 'custom' : existsSync(path) ? 'global' : 'none',
    keyLines,
    warnings: [...warnings, ...(instances?.warnings ?? []), ...(ofLog === null ? [] : [ofLog])],
    instances: instances?.given ?? null,
    parsed,
    notices,
    sources: {
      sshConfigFile: options.sshConfig === undefined ? defaultSshConfigPath() : resolve(options.sshConfig),
      sshConfigGiven: options.sshConfig !== undefined,
      // For Include, and there only, ssh goes by $HOME before the passwd entry.
      home: process.env.HOME || userInfo().homedir,
      routeCacheFile: options.cache ? join(cache, 'routes.json') : null,
      placeOfInstance: (name) => placeOfInstance(name, path, instances?.given),
    },
    snapshotFolder: options.cache ? join(cache, 'snapshots') : null,
    logger: log.logger,
    closeLog: log.close,
  };
}

/** Reads the instances file of the command line or of the environment; `null` if neither names one. Rejects with a UserError. */
export async function readInstances(
  { instances }: Pick<GlobalOptions, 'instances'>,
  environment: NodeJS.ProcessEnv,
): Promise<{ readonly given: GivenInstances; readonly warnings: readonly string[] } | null> {
  const path = instances ?? (environment.OPENCODE_INSTANCES_CONFIG || undefined);
  if (path === undefined) return null;
  const { loadInstances } = await import('../config/instances-file.ts');
  return await loadInstances(resolve(path));
}

function openLog({ logFile, logLevel }: GlobalOptions, notices: Notices): { logger: Logger; close: () => void } {
  if (logFile === undefined) return { logger: silentLogger, close: () => {} };
  try {
    const onLost = (error: unknown) =>
      notices.add(logFile, `${logFile}: the log cannot be written: ${messageOf(error)}`);
    return openFileLogger(logFile, logLevel, onLost);
  } catch (error) {
    throw new UserError(`${logFile}: cannot write the log: ${messageOf(error)}`, { cause: error });
  }
}
