import { onAbort } from '../lib/abort.ts';
import { UserError } from '../lib/errors.ts';
import { SingleFlight } from '../lib/single-flight.ts';
import { type ChildEnd, RunningChild } from '../transport/child/child-process.ts';
import { TransportError } from '../transport/transport.ts';

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
   * Returns the password that a host's command prints. The command ends when all its callers have given up. Rejects with a UserError if it fails.
   */
  async passwordOf(alias: string, command: string, signal: AbortSignal): Promise<string> {
    const key = `${alias}\0${command}`;
    const known = this.#answers.get(key);
    if (known !== undefined) return await known;
    return await this.#running.run(key, signal, (stop) => {
      const password = printPassword(alias, command, stop);
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

/** Runs the command in a session of its own, so that it can neither paint over the dashboard nor take its keys. */
async function printPassword(alias: string, command: string, signal: AbortSignal): Promise<string> {
  const invocation = { file: '/bin/sh', args: ['-c', command], env: process.env, judge: (end: ChildEnd) => end };
  const child = new RunningChild(invocation, 'output');
  const chunks: Buffer[] = [];
  let length = 0;
  let why: string | null = null;
  const end = (reason: string) => {
    why ??= reason;
    child.kill();
  };
  child.process.stdout?.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    length += chunk.length;
    if (length > MAX_PASSWORD_BYTES) end('it printed too much');
  });
  child.process.stderr?.resume();
  const timer = setTimeout(() => end(`it took longer than ${PASSWORD_TIMEOUT_MS / 1000} s`), PASSWORD_TIMEOUT_MS);
  const release = onAbort(signal, () => end('it was given up'));
  const ended = await child.ended;
  clearTimeout(timer);
  release();
  const password = Buffer.concat(chunks)
    .toString()
    .replace(/\r?\n$/, '');
  // Never quote the output: it may be the password.
  const reason = why ?? failureOf(ended) ?? (password === '' ? 'it printed nothing' : null);
  if (reason !== null) throw new UserError(`hosts.overrides.${alias}.server_password_command failed: ${reason}`);
  return password;
}

function failureOf(end: ChildEnd): string | null {
  if (end instanceof TransportError) return 'it was not run';
  if (end.code === 0) return null;
  return end.code === null ? `${end.signal}` : `exit status ${end.code}`;
}
