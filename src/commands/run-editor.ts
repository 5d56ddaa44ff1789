import { spawn } from 'node:child_process';
import { once } from 'node:events';

/**
 * Opens a file in the user's editor on the terminal, until they leave it. `$EDITOR` may contain options, as for git:
 * the shell splits it.
 */
export async function runEditor(path: string, environment: NodeJS.ProcessEnv): Promise<void> {
  const editor = environment.VISUAL || environment.EDITOR || 'vi';
  const child = spawn('/bin/sh', ['-c', `exec ${editor} "$1"`, 'sh', path], { stdio: 'inherit', env: environment });
  const [code, signal] = await once(child, 'close');
  if (signal !== null) throw new Error(`${editor} was ended by ${signal}`);
  if (code !== 0) throw new Error(`${editor} ended with exit status ${code}`);
}
