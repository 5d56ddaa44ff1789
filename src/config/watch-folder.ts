import { type FSWatcher, readdirSync, statfsSync, statSync, watch } from 'node:fs';
import { dirname, join } from 'node:path';
import { codeOf } from '../lib/errors.ts';

/** Milliseconds between two looks at a folder whose changes the system does not report. */
const POLL_MS = 2000;
/**
 * Magic numbers of file systems that other machines change without an event here: NFS, SMB1, CIFS, SMB2, FUSE (sshfs), 9p, AFS, Ceph (statfs(2)). The kernel
 * has them as 32-bit numbers, which Node may give as negative ones.
 */
const REMOTE_FILE_SYSTEMS: ReadonlySet<number> = new Set([
  0x6969, 0x517b, 0xff534d42, 0xfe534d42, 0x65735546, 0x01021997, 0x5346414f, 0x00c36400,
]);

/**
 * Calls back after something changed in a folder, and when the folder appears. Uses the system's events, and looks every two seconds where there are none. Does
 * not keep the process alive. Returns the function that ends it.
 */
export function watchFolder(folder: string, onChange: () => void, watchBySystem = watch): () => void {
  let end = () => {};
  let closed = false;
  const arm = () => {
    if (closed) return;
    end();
    const onEvent = (isGone: boolean) => {
      if (closed) return;
      if (isGone) arm();
      onChange();
    };
    end = watchNow(folder, onEvent, watchBySystem);
  };
  arm();
  return () => {
    closed = true;
    end();
  };
}

/** Watches what is there now. `onEvent` says whether that is gone, so that this watch is of no more use. */
function watchNow(folder: string, onEvent: (isGone: boolean) => void, watchBySystem: typeof watch): () => void {
  const seen = inodeOf(folder);
  if (seen === null) return watchForFolder(folder, () => onEvent(true));
  if (isRemote(folder)) return poll(folder, () => onEvent(false));
  let stop: () => void;
  const fallBack = () => {
    stop();
    stop = poll(folder, () => onEvent(inodeOf(folder) === null));
  };
  try {
    const watcher = watchBySystem(folder, { persistent: false }, () => onEvent(inodeOf(folder) !== seen));
    watcher.on('error', fallBack);
    stop = () => closeQuietly(watcher);
  } catch {
    // No more inotify watches, or a file system without them.
    stop = poll(folder, () => onEvent(inodeOf(folder) === null));
  }
  return () => stop();
}

/** Waits for a folder in the nearest one above it that is there. */
function watchForFolder(folder: string, onFound: () => void): () => void {
  const above = dirname(folder);
  if (above === folder) return () => {};
  return watchFolder(above, () => {
    if (inodeOf(folder) !== null) onFound();
  });
}

function poll(folder: string, onChange: () => void): () => void {
  let before = describeFiles(folder);
  const timer = setInterval(() => {
    const now = describeFiles(folder);
    if (now === before) return;
    before = now;
    onChange();
  }, POLL_MS).unref();
  return () => clearInterval(timer);
}

/** Returns the files of a folder with their times and sizes, to compare. */
function describeFiles(folder: string): string {
  try {
    return readdirSync(folder)
      .map((name) => {
        const found = statSync(join(folder, name), { throwIfNoEntry: false });
        return `${name}\0${found?.ino}\0${found?.mtimeMs}\0${found?.size}`;
      })
      .join('\n');
  } catch (error) {
    return codeOf(error) ?? 'unknown';
  }
}

function isRemote(folder: string): boolean {
  try {
    return REMOTE_FILE_SYSTEMS.has(statfsSync(folder).type >>> 0);
  } catch {
    return false;
  }
}

/** `null` if there is no such folder. */
function inodeOf(folder: string): number | null {
  try {
    const found = statSync(folder);
    return found.isDirectory() ? found.ino : null;
  } catch {
    return null;
  }
}

function closeQuietly(watcher: FSWatcher): void {
  watcher.removeAllListeners('error');
  watcher.on('error', () => {});
  watcher.close();
}
