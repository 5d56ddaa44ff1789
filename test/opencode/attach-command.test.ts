import { spawnSync } from 'node:child_process';
import { mkdir, readFile, realpath, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { attachCommand, DIRECTORY_GONE } from '../../src/opencode/attach-command.ts';
import { isInstalled } from '../support/programs.ts';
import { makeTempDir } from '../support/temp-dir.ts';

/** A folder with an opencode that writes down its folder and arguments, each ended by NUL, and exits with 7. */
async function makeProgram(folder: string): Promise<{ program: string; log: string }> {
  const program = join(folder, "it's $(opencode)");
  const log = join(folder, 'log');
  await writeFile(program, `#!/bin/sh\nprintf '%s\\0' "$PWD" "$@" > "$OCR_TEST_LOG"\nexit 7\n`, { mode: 0o755 });
  return { program, log };
}

const NAMES = ["it's $(touch pwned) `id`", 'a "b" \\c', '-rf', 'Grüße 世界 😀', 'new\nline', '!! %s * ?', ' '];
const shells = ['sh', 'bash', 'zsh', 'fish', 'dash'].filter(isInstalled);

describe.each(shells)('attaching from %s', (shell) => {
  it.each(NAMES)('runs opencode in the folder %j with the session as it is', async (name) => {
    const home = await realpath(await makeTempDir());
    const { program, log } = await makeProgram(home);
    const directory = join(home, name);
    await mkdir(directory);
    const id = `ses_$(id) '"`;
    const line = attachCommand(program, { id, directory });
    for (const login of ['/bin/bash', '/bin/false', '']) {
      const env = { PATH: process.env.PATH, HOME: home, SHELL: login, OCR_TEST_LOG: log };
      const { status } = spawnSync(shell, ['-c', line], { env, cwd: '/' });
      expect(status).toBe(7);
      expect((await readFile(log, 'utf8')).split('\0')).toEqual([directory, '--session', id, '']);
      await writeFile(log, '');
    }
  });

  it('says by its exit status that the folder is gone', async () => {
    const home = await makeTempDir();
    const { program, log } = await makeProgram(home);
    const line = attachCommand(program, { id: 'ses_1', directory: join(home, 'gone') });
    for (const login of ['/bin/bash', '/bin/false']) {
      const env = { PATH: process.env.PATH, HOME: home, SHELL: login, OCR_TEST_LOG: log };
      expect(spawnSync(shell, ['-c', line], { env }).status).toBe(DIRECTORY_GONE);
    }
    await expect(readFile(log)).rejects.toThrow();
  });
});
