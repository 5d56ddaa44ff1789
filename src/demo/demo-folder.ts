import { lstat, readdir, readFile, realpath, rm } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { codeOf } from '../lib/errors.ts';
import { makeTemporaryFolder, OWNER_FILE } from '../lib/temporary-folder.ts';

const PREFIX = 'ocr-demo-';
const NAME = /^ocr-demo-[A-Za-z0-9]{6}$/;
/** A path of other characters would need quoting wherever a host's script names it. */
const PLAIN_PATH = /^[A-Za-z0-9_./-]+$/;

/** Makes the folder that holds everything of one demo (0700), and removes those of killed ones. */
export async function makeDemoFolder(): Promise<string> {
  const found = await realpath(tmpdir());
  const base = PLAIN_PATH.test(found) ? found : '/tmp';
  await sweepDemoFolders(base);
  return makeTemporaryFolder(base, PREFIX);
}

/** Removes folders of this user whose demo was killed. Never rejects. */
export async function sweepDemoFolders(base: string): Promise<void> {
  const names = (await readdir(base).catch(() => [])).filter((name) => NAME.test(name));
  await Promise.all(names.map((name) => removeIfLeft(join(base, name)).catch(() => {})));
}

async function removeIfLeft(folder: string): Promise<void> {
  const found = await lstat(folder);
  if (!found.isDirectory() || found.uid !== process.getuid?.()) return;
  const [, pid, host] = /^(\d{1,10}) (\S+)\n$/.exec(await readFile(join(folder, OWNER_FILE), 'utf8')) ?? [];
  if (pid === undefined || host !== hostname() || !isGone(Number(pid))) return;
  await rm(folder, { recursive: true, force: true });
}

function isGone(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return codeOf(error) === 'ESRCH';
  }
}
