import { mkdtemp, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';

/** The file that names the process of a folder, so that a later run knows when the folder is unused. */
export const OWNER_FILE = 'owner';

/** The file's content for this process. A pid alone would be ambiguous if several machines share the folder. */
export function ownerText(): string {
  return `${process.pid} ${hostname()}\n`;
}

/** Creates a folder that only this user can enter (mkdtemp: 0700). `sweepTemporaryFolders` removes it once this process is dead. */
export async function makeTemporaryFolder(base: string, prefix: string): Promise<string> {
  const folder = await mkdtemp(join(base, prefix));
  await writeFile(join(folder, OWNER_FILE), ownerText(), { mode: 0o600, flag: 'wx' });
  return folder;
}
