import { mkdir, rm, stat } from 'node:fs/promises';
import { expect, it, onTestFinished } from 'vitest';
import { PrivateDirectory } from '../../../src/transport/openssh/openssh-directory.ts';

it.each([
  ['of macOS', `/tmp/folders-${process.pid}/zyxvpxvq6csfxvn_n0000000000000/T`, true],
  ['that leaves no room for sockets', `/tmp/${'x'.repeat(70)}`, false],
])('a temporary folder %s gives sockets short paths', async (_name, base, isUsed) => {
  await mkdir(base, { recursive: true });
  const directory = await PrivateDirectory.create(base);
  onTestFinished(async () => {
    directory.remove();
    await rm(base.split('/').slice(0, 3).join('/'), { recursive: true });
  });
  expect(directory.path.startsWith(base)).toBe(isUsed);
  // ssh makes a socket under a longer name at first.
  expect(Buffer.byteLength(directory.file('asks')) + 17).toBeLessThanOrEqual(103);
});

it('a private folder that cannot be removed stays, without an error', async () => {
  const directory = await PrivateDirectory.create();
  onTestFinished(() => rm(directory.path, { recursive: true }));
  await mkdir(directory.file('of somebody else'));
  expect(() => directory.remove()).not.toThrow();
  expect((await stat(directory.path)).isDirectory()).toBe(true);
});
