import { mkdir, rm, stat } from 'node:fs/promises';
import { expect, it, onTestFinished } from 'vitest';
import { PrivateDirectory } from '../../../src/transport/openssh/openssh-directory.ts';

it('a private folder that cannot be removed stays, without an error', async () => {
  const directory = await PrivateDirectory.create();
  onTestFinished(() => rm(directory.path, { recursive: true }));
  await mkdir(directory.file('of somebody else'));
  expect(() => directory.remove()).not.toThrow();
  expect((await stat(directory.path)).isDirectory()).toBe(true);
});
