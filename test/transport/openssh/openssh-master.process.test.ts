import { chmod, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import type { SshTarget } from '../../../src/transport/openssh/openssh-arguments.ts';
import { expandControlPath, startMaster } from '../../../src/transport/openssh/openssh-master.ts';
import { OpensshSurroundings } from '../../../src/transport/openssh/openssh-surroundings.ts';
import { makeTempDir } from '../../support/temp-dir.ts';

const features = { sessionOptions: true, askpassRequire: true, logVerbose: true, marksServerPrompts: true };
const target: SshTarget = {
  ...{ alias: 'web1', user: null, port: null, options: null, configFile: null, timeout: 10_000 },
  ...{ asks: false, nobodyToAsk: true, proxyCommand: null, features },
};
const linux = process.platform === 'linux';

/** The environment in which `ssh` is this script. */
async function withSsh(script: string): Promise<NodeJS.ProcessEnv> {
  const folder = await makeTempDir();
  await writeFile(join(folder, 'ssh'), `#!/bin/sh\n${script}\n`);
  await chmod(join(folder, 'ssh'), 0o700);
  return { ...process.env, PATH: `${folder}:${process.env.PATH}` };
}

it.runIf(linux)('the configuration is asked for in a session of its own, away from the terminal', async () => {
  const env = await withSsh('echo "controlpath $(($(ps -o sid= -p $$) - $$))"');
  expect(await expandControlPath(target, '%h', env, new AbortController().signal)).toBe('0');
});

it('the configuration is no longer asked for when the connection is given up', async () => {
  const expanded = expandControlPath(target, '%h', await withSsh('sleep 1000'), AbortSignal.timeout(50));
  await expect(expanded).rejects.toMatchObject({ kind: 'aborted' });
});

it.runIf(linux)('a master that cannot be started leaves no file open', async () => {
  const around = await OpensshSurroundings.create({ features, answer: null, via: null, onViaError: () => {} });
  onTestFinished(() => around.close());
  const open = async () => (await readdir('/proc/self/fd')).length;
  const before = await open();
  const plan = { path: around.directory.file('ctl'), persist: '1', ask: false };
  const { signal } = new AbortController();
  for (let times = 0; times < 20; times += 1) {
    await expect(startMaster({ ...target, alias: 'a\0b' }, around, plan, signal)).rejects.toThrow();
  }
  expect(await open()).toBeLessThan(before + 10);
});
