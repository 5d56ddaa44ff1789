import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { completionScript } from '../../src/commands/completion/completion.ts';
import { SHELLS } from '../../src/commands/completion/shells.ts';
import { createProgram } from '../../src/commands/program.ts';
import { makeTempDir } from '../support/temp-dir.ts';

const run = promisify(execFile);
const program = createProgram();

async function scriptFile(shell: (typeof SHELLS)[number]): Promise<string> {
  const file = join(await makeTempDir('ocr-completion'), `ocr.${shell}`);
  await writeFile(file, completionScript(program, shell));
  return file;
}

/** Completes a command line as bash does when Tab is pressed at its end. */
async function completedByBash(...words: string[]): Promise<string[]> {
  const file = await scriptFile('bash');
  const script = `source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _ocr; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout } = await run('bash', ['--norc', '-c', script, 'bash', file, ...words], { cwd: join(file, '..') });
  return stdout.split('\n').filter((line) => line !== '');
}

describe('completion', () => {
  it.each(SHELLS)('is a script that %s accepts', async (shell) => {
    const { stderr } = await run(shell, ['-n', await scriptFile(shell)]);
    expect(stderr).toBe('');
  });

  it.each([
    [['ocr', 'conf'], ['config']],
    [['ocr', ''], program.commands.map((command) => command.name())],
    [
      ['ocr', 'config', 'p'],
      ['path', 'print'],
    ],
    [
      ['ocr', '--config', 'demo', 'completion', ''],
      ['bash', 'zsh', 'fish'],
    ],
    [
      ['ocr', '--log-level', '='],
      ['error', 'warn', 'info', 'debug'],
    ],
    [['ocr', '--log-level', '=', 'd'], ['debug']],
    [
      ['ocr', 'demo', '--s'],
      ['--seed', '--still', '--ssh-config'],
    ],
    [['ocr', 'hosts', '--j'], ['--json']],
    [
      ['ocr', 'permissions', ''],
      ['saved', 'revoke'],
    ],
    [['ocr', 'chat', 'ses_1', '--no-r'], ['--no-reply']],
    [['ocr', 'config', 'check', 'ocr.'], ['ocr.bash']],
    [['ocr', '--config', 'ocr.'], ['ocr.bash']],
    [['ocr', 'hosts', ''], []],
  ])('leads from %j to %j in bash', async (words, expected) => {
    expect(await completedByBash(...words)).toEqual(expected);
  });

  it('offers the verbs in fish, and none behind a verb', async () => {
    const file = await scriptFile('fish');
    const completed = async (line: string) => {
      const { stdout } = await run('fish', ['--no-config', '-c', `source $argv[1]; complete -C $argv[2]`, file, line]);
      return stdout.split('\n').flatMap((one) => one.split('\t')[0] || []);
    };
    expect(await completed('ocr conf')).toEqual(['config']);
    expect(await completed('ocr config p')).toEqual(['path', 'print']);
    expect(await completed('ocr completion ')).toEqual(['bash', 'fish', 'zsh']);
  });

  it('registers itself in zsh', async () => {
    const script =
      'autoload -Uz compinit; compinit -D -u; source $1; print -r -- $_comps[ocr]; whence -w _ocr_config_check';
    const { stdout } = await run('zsh', ['-f', '-c', script, 'zsh', await scriptFile('zsh')]);
    expect(stdout).toBe('_ocr\n_ocr_config_check: function\n');
  });
});
