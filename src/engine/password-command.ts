import { UserError } from '../lib/errors.ts';
import { type ProgramResult, runProgram } from '../lib/run-program.ts';
import { SingleFlight } from '../lib/single-flight.ts';

const PASSWORD_TIMEOUT_MS = 30_000;
const MAX_PASSWORD_BYTES = 2 ** 16;
/** Pause after a command that failed: it may have asked the user for something, and the user said no. */
const RETRY_PAUSE_MS = 2 * 60_000;

/** Runs the commands that print the passwords of servers, and remembers what they printed. */
export class PasswordCommands {
  readonly #running = new SingleFlight<string>();
  /** A command's output, or its recent failure. */
  readonly #answers = new Map<string, Promise<string>>();

  /**
   * Returns the password that the command of a setting prints. The command ends when all its callers have given up. Rejects with a UserError if it fails.
   */
  async passwordOf(setting: string, command: string, signal: AbortSignal): Promise<string> {
    const key = `${setting}\0${command}`;
    const known = this.#answers.get(key);
    if (known !== undefined) return await known;
    return await this.#running.run(key, signal, (stop) => {
      const password = printPassword(setting, command, stop);
      const keep = () => this.#answers.set(key, password);
      const keepForAWhile = () => {
        if (stop.aborted) return;
        keep();
        setTimeout(() => this.#answers.delete(key), RETRY_PAUSE_MS).unref();
      };
      password.then(keep, keepForAWhile);
      return password;
    });
  }

  /** Ends the commands that run. */
  close(): Promise<void> {
    return this.#running.close();
  }
}

/** Never quotes the output, which may be the password. */
async function printPassword(setting: string, command: string, signal: AbortSignal): Promise<string> {
  const limits = { timeout: PASSWORD_TIMEOUT_MS, maxBytes: MAX_PASSWORD_BYTES, signal };
  const result = await runProgram('/bin/sh', ['-c', command], limits).catch(() => null);
  const password = result?.stdout.replace(/\r?\n$/, '') ?? '';
  const reason = failureOf(result) ?? (password === '' ? 'it printed nothing' : null);
  if (reason !== null) throw new UserError(`${setting} failed: ${reason}`);
  return password;
}

function failureOf(result: ProgramResult | null): string | null {
  if (result === null) return 'it was not run';
  switch (result.stopped) {
    case 'timeout':
      return `it took longer than ${PASSWORD_TIMEOUT_MS / 1000} s`;
    case 'overflow':
      return 'it printed too much';
    case 'aborted':
      return 'it was given up';
  }
  if (result.code === 0) return null;
  return result.code === null ? `${result.killer}` : `exit status ${result.code}`;
}
