import { mkdtemp, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';

/** Names the process that made a folder, so that a later one knows when nobody uses it any more. */
export const OWNER_FILE = 'owner';

/** What the file says of this process. A number alone would mean another process on another machine that shares the folder. */
export function ownerText(): string {
  return `${process.pid} ${hostname()}\n`;
}

/** Makes a folder that only this user can enter (mkdtemp: 0700) and that `sweepTemporaryFolders` removes once this process is dead. */
export async function makeTemporaryFolder(base: string, prefix: string): Promise<string> {
  const folder = await mkdtemp(join(base, prefix));
  await writeFile(join(folder, OWNER_FILE), ownerText(), { mode: 0o600, flag: 'wx' });
  return folder;
}
