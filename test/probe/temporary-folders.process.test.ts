import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { READ_FUNCTIONS } from '../../src/probe/read-script.ts';
import { versionScript } from '../../src/probe/version-script.ts';
import { makeTempDir } from '../support/temp-dir.ts';

/** Reads a database and its log from a copy, as a survey does. */
const READ_COPY = `ocr_say() { :; }
ocr_line() { printf %s "$1"; }
exec 3>/dev/null
ocr_skip= ocr_sql= ocr_core_sql= ocr_tables_sql= ocr_db=$HOME/opencode.db
${READ_FUNCTIONS}
ocr_read_copy`;

it.each([
  ['the copy of a database', 'sqlite3', () => READ_COPY],
  ['the folders of an opencode that is asked for its version', 'opencode', (program: string) => versionScript(program)],
])('%s is removed when the connection is lost meanwhile', async (_name, program, script) => {
  const home = await makeTempDir();
  const [bin, temporary, started] = ['bin', 'tmp', 'started'].map((name) => join(home, name)) as [
    string,
    string,
    string,
  ];
  await mkdir(bin);
  await mkdir(temporary);
  for (const name of ['opencode.db', 'opencode.db-wal']) await writeFile(join(home, name), 'x');
  await writeFile(join(bin, program), `#!/bin/sh\n: >'${started}'\nsleep 1\n`);
  await chmod(join(bin, program), 0o755);
  const shell = spawn('/bin/sh', ['-c', script(join(bin, program))], {
    env: { HOME: home, TMPDIR: temporary, PATH: `${bin}:/usr/bin:/bin` },
    stdio: 'ignore',
  });
  const ended = once(shell, 'exit');
  await expect.poll(() => stat(started).then(Boolean, () => false)).toBe(true);
  expect(await readdir(temporary)).toHaveLength(1);
  shell.kill('SIGHUP');
  await ended;
  expect(await readdir(temporary)).toEqual([]);
});
