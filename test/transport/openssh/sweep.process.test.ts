import { execFileSync, spawnSync } from 'node:child_process';
import { chmod, mkdir, readdir, rename, stat, symlink, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeTemporaryFolder, ownerText } from '../../../src/lib/temporary-folder.ts';
import { sweepTemporaryFolders } from '../../../src/transport/openssh/sweep.ts';
import { makeTempDir } from '../../support/temp-dir.ts';

/** The number of a process that has ended. */
const deadPid = () => spawnSync('true').pid;

/** A folder as a killed ocr leaves it. */
async function leave(base: string, name = 'ocr-aB3dE9', owner = `${deadPid()} ${hostname()}\n`): Promise<string> {
  const folder = join(base, name);
  await mkdir(folder, { mode: 0o700 });
  await writeFile(join(folder, '1'), 'a log');
  execFileSync('mkfifo', [join(folder, '2')]);
  await writeFile(join(folder, 'owner'), owner);
  return folder;
}

const isThere = (path: string) => stat(path).then(Boolean, () => false);

describe('what a killed ocr left in the temporary folder', () => {
  it('is removed by the next one', async () => {
    const base = await makeTempDir();
    const folders = [await leave(base), await leave(base, 'ocr-transcript-aB3dE9')];
    expect((await sweepTemporaryFolders(base)).toSorted()).toEqual(folders.toSorted());
    expect(await readdir(base)).toEqual([]);
  });

  it('stays while its process runs', async () => {
    const base = await makeTempDir();
    const folder = await makeTemporaryFolder(base, 'ocr-');
    expect(await sweepTemporaryFolders(base)).toEqual([]);
    expect(await isThere(folder)).toBe(true);
  });

  it.each<[string, (base: string) => Promise<string>]>([
    ['of another name', (base) => leave(base, 'ocr-fleet-aB3dE9')],
    ['of another machine', (base) => leave(base, undefined, `${deadPid()} elsewhere\n`)],
    ['without an owner', (base) => leave(base, undefined, '')],
    ['with an owner that is more than that', (base) => leave(base, undefined, `${deadPid()} ${hostname()}\nmore\n`)],
    [
      'that other users may enter',
      async (base) => {
        const folder = await leave(base);
        await chmod(folder, 0o755);
        return folder;
      },
    ],
    [
      'that is a link to one',
      async (base) => {
        const elsewhere = await leave(await makeTempDir());
        await symlink(elsewhere, join(base, 'ocr-aB3dE9'));
        return elsewhere;
      },
    ],
    [
      'whose owner is a link',
      async (base) => {
        const folder = await leave(base);
        await rename(join(folder, 'owner'), join(base, 'named'));
        await symlink(join(base, 'named'), join(folder, 'owner'));
        return folder;
      },
    ],
  ])('stays where it is one %s', async (_name, make) => {
    const base = await makeTempDir();
    const folder = await make(base);
    expect(await sweepTemporaryFolders(base)).toEqual([]);
    expect(await readdir(folder)).toHaveLength(3);
  });

  it.skipIf(process.getuid?.() !== 0)("stays where it is another user's", async () => {
    const base = await makeTempDir();
    const folder = await leave(base);
    execFileSync('chown', ['65534', folder]);
    expect(await sweepTemporaryFolders(base)).toEqual([]);
  });

  it('stays as far as it holds folders', async () => {
    const base = await makeTempDir();
    const folder = await leave(base);
    await mkdir(join(folder, 'more'));
    expect(await sweepTemporaryFolders(base)).toEqual([]);
    expect(await isThere(join(folder, 'more'))).toBe(true);
  });

  it('is known by its process id and the machine name', () => {
    expect(ownerText()).toBe(`${process.pid} ${hostname()}\n`);
  });
});
