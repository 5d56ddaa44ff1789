import { type LoginEnvironment, loginVariables } from '../../domain/login.ts';
import { describeLeftOut } from '../../transport/start-files.ts';
import type { Shell, Transport } from '../../transport/transport.ts';
import { awaitAnswer } from './await-answer.ts';
import { type OwnServer, parseLeftOut, parseOwnServer } from './own-server-answer.ts';
import { ensureScript } from './own-server-script.ts';

export type { OwnServer } from './own-server-answer.ts';

/**
 * The part of a host that is needed: its persistent shell, which takes scripts by stdin, so that no argument shows
 * them.
 */
export type ShellSource = Pick<Transport, 'shell'>;
/** Opens streams to the server, and reports facts about the host. */
export type ServerSource = Pick<Transport, 'shell' | 'forward' | 'note'>;

export interface OwnServerOptions {
  /** Path of opencode on the host. */
  readonly opencodePath: string;
  /** Milliseconds until a new server must listen: it takes seconds of CPU. */
  readonly timeout: number;
  /** False: rejects where it does not run (`not-running`). */
  readonly mayStart: boolean;
  /** opencode's version, if known; kept with the server. */
  readonly version?: string | null;
  /** The environment of the login; `null` before it was asked. */
  readonly login?: LoginEnvironment | null;
}

/** Time for the host beyond the wait that it was asked for. */
const TIMEOUT_MARGIN_MS = 15_000;
const MAX_BYTES = 2 ** 20;

/**
 * Returns ocr's own server on the host, and starts it if it does not run: on 127.0.0.1, with a random password,
 * detached, so that it outlives the connection. Concurrent calls start only one. It responds when this resolves, unless
 * the host forwards no streams. Rejects with a ServerProcessError or a TransportError; a failed start leaves nothing
 * behind.
 */
export async function ensureOwnServer(
  host: ServerSource,
  { opencodePath, timeout, mayStart, version = null, login = null }: OwnServerOptions,
  signal: AbortSignal,
): Promise<OwnServer> {
  const mode = login?.mode ?? 'login';
  const environment = login === null ? {} : loginVariables(login);
  const script = ensureScript({ opencodePath, patience: timeout / 1000, mayStart, version, mode, environment });
  // The timeout covers another process's failed start (waited for twice as long), and a start with a profile.
  const output = await runScript(host, script, 4 * timeout + TIMEOUT_MARGIN_MS, signal);
  const leftOut = parseLeftOut(output);
  if (leftOut !== null) host.note(describeLeftOut(leftOut.why, leftOut.shell, "ocr's server"));
  return awaitAnswer(host, parseOwnServer(output), timeout, signal);
}

/**
 * Runs a script in a shell of its own and returns its output. `timeout`: milliseconds of silence. Rejects with a
 * TransportError.
 */
export async function runScript(
  host: ShellSource,
  script: string,
  timeout: number,
  signal: AbortSignal,
): Promise<string> {
  const shell: Shell = await host.shell(signal);
  try {
    return (await shell.run(script, { signal, idleTimeout: timeout, maxBytes: MAX_BYTES })).output;
  } finally {
    shell.close();
  }
}
