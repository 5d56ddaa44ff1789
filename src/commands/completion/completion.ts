import type { Command } from 'commander';
import { bashScript } from './bash-script.ts';
import { describeProgram } from './command-spec.ts';
import { fishScript } from './fish-script.ts';
import type { Shell } from './shells.ts';
import { zshScript } from './zsh-script.ts';

const WRITERS = { bash: bashScript, zsh: zshScript, fish: fishScript } as const;

/** Returns a script that makes a shell complete the verbs, options and values of a program. */
export function completionScript(program: Command, shell: Shell): string {
  return WRITERS[shell](describeProgram(program));
}
