import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs';
import { lstat, open, rename, rm } from 'node:fs/promises';

/** Opening a FIFO would block until a writer comes, perhaps forever. */
const READ = constants.O_RDONLY | constants.O_NONBLOCK;

/** The path leads to something other than a file: a folder, a FIFO, a socket, a device. */
export class NotAFile extends Error {
  override readonly name = 'NotAFile';

  constructor(path: string) {
    super(`${path} is not a file`);
  }
}

/** Reads a file's text, and never blocks on anything else. Rejects with a NotAFile or the system's error. */
export async function readRegularFile(path: string): Promise<string> {
  const file = await open(path, READ);
  try {
    if (!(await file.stat()).isFile()) throw new NotAFile(path);
    return await file.readFile('utf8');
  } finally {
    await file.close();
  }
}

/** Does the same synchronously, and throws the same errors. */
export function readRegularFileSync(path: string): string {
  const file = openSync(path, READ);
  try {
    if (!fstatSync(file).isFile()) throw new NotAFile(path);
    return readFileSync(file, 'utf8');
  } finally {
    closeSync(file);
  }
}

/** Names to try for a file that is set aside. */
const MAX_ASIDE_NAMES = 100;

/** Renames the entry at the path to `PATH.damaged`, replacing an earlier one. Returns the new path; `null` if that fails. */
export async function setAside(path: string): Promise<string | null> {
  const aside = await asideOf(`${path}.damaged`);
  if (aside === null) return null;
  return rename(path, aside).then(
    () => aside,
    () => null,
  );
}

/** Replaces only a file: a folder may hold anything. */
async function asideOf(wanted: string): Promise<string | null> {
  for (let count = 0; count < MAX_ASIDE_NAMES; count += 1) {
    const name = count === 0 ? wanted : `${wanted}-${count}`;
    const found = await lstat(name).catch(() => null);
    if (found?.isDirectory()) continue;
    await rm(name, { force: true }).catch(() => {});
    return name;
  }
  return null;
}

/** Sets aside anything but a file at the path of one of ocr's files. Never rejects. */
export async function makeRoomForFile(path: string): Promise<void> {
  const found = await lstat(path).catch(() => null);
  if (found !== null && !found.isFile() && !found.isSymbolicLink()) await setAside(path);
}
