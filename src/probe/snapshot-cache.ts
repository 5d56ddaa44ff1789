import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Snapshot } from '../domain/snapshot.ts';
import { writePrivateFile } from '../lib/atomic-file.ts';
import { codeOf, messageOf } from '../lib/errors.ts';
import { NotAFile, readRegularFileSync, setAside } from '../lib/regular-file.ts';
import { decodeSnapshot, encodeSnapshot, NEWER_VERSION } from './snapshot-file.ts';

export interface LoadedSnapshots {
  readonly snapshots: ReadonlyMap<string, Snapshot>;
  readonly warnings: readonly string[];
}

/** Keeps the last snapshot of each host on disk, one file (0600) a host, so that a change of one host rewrites one file. */
export interface SnapshotCache {
  /** Reads the snapshots of those hosts. A damaged file is set aside and named in a warning. */
  load(aliases: readonly string[]): Promise<LoadedSnapshots>;
  /** Writes one host's snapshot; a later call for the same host wins. Rejects with the system's error. */
  save(alias: string, snapshot: Snapshot): Promise<void>;
  /** Resolves when all that was to be written is. */
  flush(): Promise<void>;
}

/** Creates a cache in a folder, which the first save creates. `onLost` is called for each failed save. */
export function createSnapshotCache(folder: string, onLost: (error: unknown) => void = () => {}): SnapshotCache {
  const writing = new Map<string, Promise<void>>();
  return {
    load: async (aliases) => {
      const snapshots = new Map<string, Snapshot>();
      const warnings: string[] = [];
      const present = groupByReadable(await readdir(folder).catch(() => []));
      const wanted = aliases.flatMap((alias) =>
        (present.get(readablePart(alias)) ?? []).map((name) => [alias, name] as const),
      );
      await Promise.all(
        wanted.map(async ([alias, name]) => {
          const result = await loadOne(join(folder, name), alias);
          if (typeof result === 'string') warnings.push(result);
          else if (result !== null) snapshots.set(alias, result);
        }),
      );
      return { snapshots, warnings };
    },
    save: (alias, snapshot) => {
      const before = writing.get(alias) ?? Promise.resolve();
      const written = before
        .catch(() => {})
        .then(async () => writePrivateFile(join(folder, await fileName(alias)), encodeSnapshot(alias, snapshot)));
      written.catch(onLost);
      writing.set(alias, written);
      return written;
    },
    flush: async () => {
      await Promise.allSettled(writing.values());
    },
  };
}

/** A snapshot, a warning, or nothing. */
async function loadOne(path: string, alias: string): Promise<Snapshot | string | null> {
  let text: string;
  try {
    // Nothing else runs before the first frame, and reading 200 files synchronously takes a third of the time.
    text = readRegularFileSync(path);
  } catch (error) {
    if (error instanceof NotAFile) return wasSetAside(path, 'not a file');
    return codeOf(error) === 'ENOENT' ? null : `${path}: cannot be read: ${messageOf(error)}`;
  }
  const decoded = decodeSnapshot(text, alias);
  if (typeof decoded !== 'string') return decoded;
  if (decoded === NEWER_VERSION) return `${path} was written by a newer ocr and is not used`;
  return wasSetAside(path, decoded);
}

async function wasSetAside(path: string, why: string): Promise<string> {
  const aside = await setAside(path);
  return `${path} was damaged (${why}) and ${aside === null ? 'cannot be set aside' : `is now ${aside}`}`;
}

/** Returns a file name for any alias: its readable characters and a hash that makes it unique. */
async function fileName(alias: string): Promise<string> {
  const { createHash } = await import('node:crypto');
  const hash = createHash('sha256').update(alias).digest('hex').slice(0, HASH_CHARS);
  return `${readablePart(alias)}-${hash}${EXTENSION}`;
}

const HASH_CHARS = 10;
const EXTENSION = '.json';

function readablePart(alias: string): string {
  return alias.replace(/[^A-Za-z0-9._-]/g, '_').slice(0, 60);
}

/** Groups file names by their readable part: each file says which of several such aliases it belongs to, so a start loads no cryptography. */
function groupByReadable(names: readonly string[]): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const name of names) {
    if (!name.endsWith(EXTENSION)) continue;
    const readable = name.slice(0, -(1 + HASH_CHARS + EXTENSION.length));
    groups.set(readable, [...(groups.get(readable) ?? []), name]);
  }
  return groups;
}
