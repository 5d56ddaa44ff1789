import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { printable } from '../domain/printable.ts';

/**
 * Runs simple commands of a shell on the terminal, one after the other, until one fails. Rejects when one did. The keys' signals are to be left to them.
 */
export async function runInTerminal(commands: readonly string[]): Promise<void> {
  for (const command of commands) {
    process.stdout.write(`${printable(command)}\r\n`);
    // In place of the shell, which a signal would end before the command has given the terminal its mode back.
    const child = spawn('/bin/sh', ['-c', `exec ${command}`], { stdio: 'inherit' });
    const [code, signal] = await once(child, 'close');
    if (signal !== null) throw new Error(`ssh was ended by ${signal}`);
    if (code !== 0) throw new Error(`ssh ended with exit status ${code}`);
  }
}
