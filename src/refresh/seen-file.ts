import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { FleetStore } from '../fleet/fleet-store.ts';
import { mergeSeen, NOTHING_SEEN, type Seen } from '../fleet/seen.ts';
import { writePrivateFile } from '../lib/atomic-file.ts';
import { codeOf, messageOf } from '../lib/errors.ts';
import { lockFile } from '../lib/file-lock.ts';
import type { Logger } from '../lib/logger.ts';
import type { Notices } from '../lib/notices.ts';
import { makeRoomForFile, readRegularFile } from '../lib/regular-file.ts';
import * as shape from '../lib/shape.ts';

const VERSION = 1;
/** Milliseconds in which changes are collected before they are written. */
const GATHERING = 1000;
/** Sessions that are remembered, the newest ones. */
const KEPT = 5000;

const times = shape.recordOf(shape.number);
const wrongPart = shape.objectOf({ version: shape.oneOf([VERSION]), baselines: times, sessions: times });

interface SeenFile {
  readonly baselines: Readonly<Record<string, number>>;
  readonly sessions: Readonly<Record<string, number>>;
}

/** Loads which sessions were seen, from its file. Treats a damaged file as empty, and logs it. */
export async function loadSeen(path: string, logger: Logger): Promise<Seen> {
  try {
    const file = JSON.parse(await readRegularFile(path));
    const wrong = wrongPart(file);
    if (wrong !== null) throw new TypeError(`unexpected ${wrong || 'content'}`);
    const { baselines, sessions }: SeenFile = file;
    return { baselines: new Map(Object.entries(baselines)), sessions: groupByHost(Object.entries(sessions)) };
  } catch (error) {
    await makeRoomForFile(path);
    if (codeOf(error) !== 'ENOENT') logger.warn('seen not read', { path, reason: messageOf(error) });
    return NOTHING_SEEN;
  }
}

const KEY_PREFIX = 'session ';

/** Returns the key of a session in the file. */
const fileKey = (alias: string, id: string) => `${KEY_PREFIX}${alias}\0${id}`;

function groupByHost(times: readonly (readonly [key: string, at: number])[]): Seen['sessions'] {
  const byAlias = new Map<string, Map<string, number>>();
  for (const [key, at] of times) {
    const [alias = '', id] = key.slice(KEY_PREFIX.length).split('\0');
    if (id === undefined) continue;
    const ofHost = byAlias.get(alias) ?? new Map<string, number>();
    byAlias.set(alias, ofHost.set(id, at));
  }
  return byAlias;
}

/**
 * Saves seen sessions to the file (0600), merged with those of other ocr processes. Returns a function that stops that
 * and saves the rest.
 */
export function keepSeen(fleet: FleetStore, path: string, logger: Logger, notices: Notices): () => Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  let writing = Promise.resolve();
  const write = async () => {
    const seen = mergeSeen(await loadSeen(path, logger), fleet.getState().seen);
    const times = [...seen.sessions].flatMap(([alias, ofHost]) =>
      [...ofHost].map(([id, at]) => [fileKey(alias, id), at] as const),
    );
    const newest = times.sort(([, a], [, b]) => b - a).slice(0, KEPT);
    const content = {
      version: VERSION,
      baselines: Object.fromEntries(seen.baselines),
      sessions: Object.fromEntries(newest),
    };
    await writePrivateFile(path, JSON.stringify(content));
  };
  const flush = () => {
    timer = undefined;
    writing = writing
      .then(() => whileLocked(path, write))
      .catch((error: unknown) => {
        logger.error('seen not written', { path, reason: messageOf(error) });
        notices.add(path, `${path}: cannot save which sessions you have seen: ${messageOf(error)}`);
      });
  };
  const unsubscribe = fleet.subscribe((state, before) => {
    if (state.seen !== before.seen) timer ??= setTimeout(flush, GATHERING);
  });
  return async () => {
    unsubscribe();
    if (timer !== undefined) {
      clearTimeout(timer);
      flush();
    }
    await writing;
  };
}

/**
 * Runs an action while no other ocr runs one on that file. If no lock can be made, runs it without: at worst, one of
 * the other's records is lost.
 */
async function whileLocked(path: string, action: () => Promise<void>): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const release = await lockFile(path, { retries: 30, realpath: false }).catch(() => () => Promise.resolve());
  try {
    await action();
  } finally {
    await release();
  }
}
