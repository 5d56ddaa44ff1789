import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { opencodeVersion } from './home.ts';
import { isAlive, ownIdentity, processIdentity } from './processes.ts';

/** Returns the folder for downloads that tests keep between runs: `$OCR_FLEET_CACHE`, or one in the user's cache folder. */
export function findCacheRoot(environment: NodeJS.ProcessEnv = process.env): string {
  const cache = environment.XDG_CACHE_HOME || join(homedir(), '.cache');
  return environment.OCR_FLEET_CACHE || join(cache, 'ocr-fleet');
}

/** Returns the folder in which the installed opencode and the seeded homes stay between fleets. */
export function findCacheDirectory(environment: NodeJS.ProcessEnv = process.env): string {
  return join(findCacheRoot(environment), `opencode-${opencodeVersion}`);
}

/**
 * Runs the act while no other process of this user holds the same lock file; waits for as long as its holder lives, and
 * takes the lock of a dead one over.
 */
export async function withLock<T>(path: string, act: () => Promise<T>): Promise<T> {
  await mkdir(dirname(path), { recursive: true });
  while (!(await tryLock(path))) await sleep(100);
  try {
    return await act();
  } finally {
    await rm(path, { force: true });
  }
}

async function tryLock(path: string): Promise<boolean> {
  try {
    await writeFile(path, JSON.stringify(ownIdentity()), { flag: 'wx' });
    return true;
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
  const holder = parseHolder(await readFile(path, 'utf8').catch(() => ''));
  if (holder !== undefined && !isAlive(holder)) await rm(path, { force: true });
  return false;
}

/** Undefined for text that is being written right now. */
function parseHolder(text: string): ReturnType<typeof ownIdentity> | undefined {
  try {
    return processIdentity.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}
