import { mkdir, readdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { versionScript } from '../../src/probe/version-script.ts';
import { OpencodeHome } from '../support/opencode-home.ts';

/** Makes folders where opencode does, and tells where it did. */
const LIKE_OPENCODE = `mkdir -p "\${XDG_DATA_HOME:-$HOME/.local/share}/opencode/log"; echo 1.18.0`;

async function versionIn(home: OpencodeHome, program: string, mayStart: boolean): Promise<string> {
  return (await (await home.openShell())(versionScript(program, null, mayStart))).output;
}

it.each([
  ['npm', 'lib/node_modules/opencode-ai', { name: 'opencode-ai', version: '1.2.3' }],
  [
    'the package of a platform',
    'node_modules/opencode-linux-x64',
    { name: 'opencode-linux-x64', version: '1.2.3-beta.1' },
  ],
  ['Homebrew', 'Cellar/opencode/1.2.3', null],
  ['a version manager', 'installs/opencode/1.2.3', null],
])('the version of an opencode from %s is told by its files', async (_source, place, manifest) => {
  const home = await OpencodeHome.create("it's");
  const folder = join(home.home, place);
  await mkdir(join(folder, 'bin'), { recursive: true });
  await writeFile(join(folder, 'bin/opencode'), '#!/bin/sh\nexit 1\n', { mode: 0o755 });
  if (manifest !== null) await writeFile(join(folder, 'package.json'), JSON.stringify(manifest, null, 2));
  await mkdir(join(home.home, 'links'));
  await symlink(`../${place}/bin/opencode`, join(home.home, 'links/one'));
  await symlink(join(home.home, 'links/one'), join(home.home, 'links/opencode'));
  expect(await versionIn(home, join(home.home, 'links/opencode'), false)).toBe(`${manifest?.version ?? '1.2.3'}\n`);
});

it('is asked of the program where no file tells it, in folders that are gone afterwards', async () => {
  const home = await OpencodeHome.create();
  await home.install(LIKE_OPENCODE);
  const before = await readdir(home.home, { recursive: true });
  expect(await versionIn(home, home.program, false)).toBe('');
  expect(await versionIn(home, home.program, true)).toBe('1.18.0\n');
  expect(await readdir(home.home, { recursive: true })).toEqual(before);
});

it('is not taken from a package around the program that is not of opencode', async () => {
  const home = await OpencodeHome.create();
  await home.install(LIKE_OPENCODE);
  await writeFile(join(home.program, '../../package.json'), JSON.stringify({ name: 'dotfiles', version: '9.9.9' }));
  expect(await versionIn(home, home.program, false)).toBe('');
});
