import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';

interface LockFile {
  readonly packages: Readonly<
    Record<string, { optional?: boolean; integrity?: string; os?: string[]; cpu?: string[] }>
  >;
}

const lock = JSON.parse(await readFile(new URL('../package-lock.json', import.meta.url), 'utf8')) as LockFile;

it.each([
  ['darwin', 'arm64'],
  ['darwin', 'x64'],
  ['linux', 'arm64'],
  ['linux', 'x64'],
])('the lock file has the prebuilt terminal library for %s on %s, so that nothing is compiled there', (os, cpu) => {
  const found = lock.packages[`node_modules/@lydell/node-pty-${os}-${cpu}`];
  expect(found).toMatchObject({ optional: true, os: [os], cpu: [cpu], integrity: expect.stringMatching(/^sha512-/) });
});

it('nothing that users install needs a compiler', () => {
  const installed = Object.entries(lock.packages).filter(([, entry]) => !('dev' in entry));
  const compiling = installed.filter(([, entry]) => 'hasInstallScript' in entry).map(([path]) => path);
  expect(compiling).toEqual([]);
});

it('users install the terminal library alone, since all else is bundled', () => {
  const installed = Object.entries(lock.packages).filter(([path, entry]) => path !== '' && !('dev' in entry));
  const names = installed.map(([path]) => path.replace('node_modules/', ''));
  expect(names.filter((name) => !name.startsWith('@lydell/node-pty'))).toEqual([]);
});
