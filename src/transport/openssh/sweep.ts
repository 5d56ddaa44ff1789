import { constants } from 'node:fs';
import { lstat, open, readdir, rmdir, unlink } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { codeOf } from '../../lib/errors.ts';
import { OWNER_FILE } from '../../lib/temporary-folder.ts';
import { MasterLink } from './openssh-mux.ts';

/** Matches names by mkdtemp. */
const NAME = /^ocr-(?:transcript-)?[A-Za-z0-9]{6}$/;
const MAX_OWNER_BYTES = 300;
const MASTER_TIMEOUT_MS = 500;
const OTHERS = 0o077;

/**
 * Removes the temporary folders of killed programs, and ends the ssh masters that listen there. Takes only a folder of this user that is closed to
 * all others, and whose owner file names a dead process of this machine. Follows no links. Never rejects. Returns the removed folders.
 */
export async function sweepTemporaryFolders(base: string): Promise<readonly string[]> {
  const names = (await readdir(base).catch(() => [])).filter((name) => NAME.test(name));
  const folders = names.map((name) => join(base, name));
  const removed = await Promise.all(folders.map(async (folder) => (await isLeft(folder)) && (await remove(folder))));
  return folders.filter((_folder, index) => removed[index]);
}

async function isLeft(folder: string): Promise<boolean> {
  const found = await lstat(folder).catch(() => null);
  const isOurs = found?.isDirectory() && found.uid === process.getuid?.() && (found.mode & OTHERS) === 0;
  if (!isOurs) return false;
  const [, pid, host] = /^(\d{1,10}) (\S+)\n$/.exec(await readOwner(join(folder, OWNER_FILE))) ?? [];
  return pid !== undefined && host === hostname() && isGone(Number(pid));
}

/** Reads a small plain file; empty for anything else. */
async function readOwner(path: string): Promise<string> {
  const flags = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW;
  const file = await open(path, flags).catch(() => null);
  if (file === null) return '';
  try {
    const found = await file.stat();
    return found.isFile() && found.size < MAX_OWNER_BYTES ? await file.readFile('utf8') : '';
  } catch {
    return '';
  } finally {
    await file.close();
  }
}

/** A reused pid counts as in use: the folder stays until that process has ended too. */
function isGone(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return codeOf(error) === 'ESRCH';
  }
}

async function remove(folder: string): Promise<boolean> {
  for (const name of await readdir(folder).catch(() => [])) {
    const path = join(folder, name);
    if ((await lstat(path).catch(() => null))?.isSocket()) await endMaster(path);
    // The owner file goes last, so that the next run can finish an interrupted sweep.
    if (name !== OWNER_FILE) await unlink(path).catch(() => {});
  }
  await unlink(join(folder, OWNER_FILE)).catch(() => {});
  return rmdir(folder).then(
    () => true,
    () => false,
  );
}

async function endMaster(path: string): Promise<void> {
  try {
    (await MasterLink.open(path, AbortSignal.timeout(MASTER_TIMEOUT_MS))).terminate();
  } catch {
    // No master listens there any more.
  }
}
