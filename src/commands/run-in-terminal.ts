import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { printable } from '../domain/printable.ts';

/**
 * Runs simple shell commands on the terminal in order, until one fails; rejects then. Signals from keys must be left to
 * them.
 */
export async function runInTerminal(commands: readonly string[]): Promise<void> {
  for (const command of commands) {
    process.stdout.write(`${printable(command)}\r\n`);
    // Replaces the shell, which a signal would end before the command has restored the terminal's mode.
    const child = spawn('/bin/sh', ['-c', `exec ${command}`], { stdio: 'inherit' });
    const [code, signal] = await once(child, 'close');
    if (signal !== null) throw new Error(`ssh was ended by ${signal}`);
    if (code !== 0) throw new Error(`ssh ended with exit status ${code}`);
  }
}
