import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isAlive, killFleetProcesses, ownIdentity, processIdentity } from './processes.ts';

const prefix = 'ocr-fleet-';
const ownerFile = 'owner.json';

/** Makes the folder of one fleet and notes who owns it. */
export async function createRunDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), prefix));
  await writeFile(join(directory, ownerFile), JSON.stringify(ownIdentity()));
  return directory;
}

/** Ends whatever still runs for the fleet in that folder and removes it. */
export async function removeRunDirectory(directory: string): Promise<void> {
  await killFleetProcesses(directory);
  await rm(directory, { recursive: true, force: true, maxRetries: 3 });
}

/** Removes what fleets left whose owner died without closing them. Folders without a readable owner are left alone. */
export async function sweepRunDirectories(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    if (!name.startsWith(prefix)) continue;
    const directory = join(tmpdir(), name);
    const text = await readFile(join(directory, ownerFile), 'utf8').catch(() => '');
    if (text !== '' && !isAlive(processIdentity.parse(JSON.parse(text)))) await removeRunDirectory(directory);
  }
}
