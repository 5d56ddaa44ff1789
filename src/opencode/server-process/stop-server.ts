import type { Server } from '../../domain/server.ts';
import { runScript, type ShellSource } from './own-server.ts';
import { ServerProcessError } from './server-process-error.ts';
import { stopScript } from './stop-script.ts';

export interface StopOptions {
  /** Path of opencode on the host, for a program of another name. */
  readonly opencodePath: string;
  /** Milliseconds that it may take to end. */
  readonly timeout: number;
  /** Ends it by SIGKILL after that: unsaved output may be lost. */
  readonly force?: boolean;
}

/** Time for the host beyond the wait that it was asked for. */
const TIMEOUT_MARGIN_MS = 15_000;

/**
 * Ends a server (SIGTERM) and waits until it has; `gone` if it had ended before. Leaves alone a process of another
 * user, program, start time or directory. Rejects with a ServerProcessError (`not-that-process`, `still-runs`) or a
 * TransportError.
 */
export async function stopServer(
  host: ShellSource,
  server: Server,
  { opencodePath, timeout, force = false }: StopOptions,
  signal: AbortSignal,
): Promise<'stopped' | 'gone'> {
  const script = stopScript(server, { opencodePath, patience: timeout / 1000, force });
  const output = await runScript(host, script, timeout + TIMEOUT_MARGIN_MS, signal);
  const [, word, rest = ''] = /^@ocr (\S+) ?(.*)$/m.exec(output) ?? [];
  switch (word) {
    case 'stopped':
    case 'gone':
      return word;
    case 'refused':
      throw new ServerProcessError('not-that-process', `process ${server.pid} was left alone: ${rest}`);
    case 'running':
      throw new ServerProcessError(
        'still-runs',
        `server ${server.pid} was told to end and still runs after ${Math.ceil(timeout / 1000)} s`,
      );
    default:
      throw new ServerProcessError('protocol', "the host's answer about its server is not understood");
  }
}
