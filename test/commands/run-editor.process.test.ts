import { chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { runEditor } from '../../src/commands/run-editor.ts';
import { makeTempDir } from '../support/temp-dir.ts';

/** An editor that writes its arguments, one a line, to the file that it is to open, in a folder with a name that a shell could stumble over. */
async function install() {
  const folder = await makeTempDir("it's $(x) a");
  const program = join(await makeTempDir(), 'editor');
  await writeFile(program, '#!/bin/sh\nfor last; do :; done\nprintf "%s\\n" "$@" > "$last"\n');
  await chmod(program, 0o700);
  return { program, path: join(folder, '-a "file".md') };
}

it('an editor opens the file, with the options that are given with it', async () => {
  const { program, path } = await install();
  await runEditor(path, { ...process.env, VISUAL: '', EDITOR: `${program} --wait -x` });
  expect(await readFile(path, 'utf8')).toBe(`--wait\n-x\n${path}\n`);
});

it('VISUAL comes before EDITOR', async () => {
  const { program, path } = await install();
  await runEditor(path, { ...process.env, VISUAL: program, EDITOR: 'false' });
  expect(await readFile(path, 'utf8')).toBe(`${path}\n`);
});

it('an editor that fails, is ended or is not there is told of', async () => {
  const run = (editor: string) => runEditor('/dev/null', { ...process.env, VISUAL: '', EDITOR: editor });
  await expect(run('false')).rejects.toThrow('false ended with exit status 1');
  await expect(run('/no/such/editor 2>/dev/null')).rejects.toThrow('exit status 127');
  await expect(run("sh -c 'kill $$'")).rejects.toThrow('was ended by SIGTERM');
});
