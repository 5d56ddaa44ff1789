import { codeOf, messageOf } from '../lib/errors.ts';
import { runProgram } from '../lib/run-program.ts';
import { SshFailure } from './ssh-failure.ts';

/** Bytes; `ssh -G` prints about 6,000. */
const MAX_OUTPUT_BYTES = 1_000_000;

/**
 * Returns the stdout of the system's ssh. Rejects with an SshFailure, also after `timeout` milliseconds or when the
 * signal aborts. Runs it in a session of its own, so that a command of `Match exec` dies with it and cannot write to
 * the screen through /dev/tty.
 */
export async function runSsh(parameters: readonly string[], timeout: number, signal: AbortSignal): Promise<string> {
  const limits = { timeout, maxBytes: MAX_OUTPUT_BYTES, signal, killSignal: 'SIGKILL' } as const;
  const result = await runProgram('ssh', parameters, limits).catch((error: unknown) => {
    throw new SshFailure(codeOf(error) === 'ENOENT' ? 'missing' : 'failed', messageOf(error), error);
  });
  const { code, killer, stdout, stderr, stopped } = result;
  switch (stopped) {
    case 'aborted':
      throw new SshFailure('aborted', 'aborted');
    case 'timeout':
      throw new SshFailure('timeout', `took more than ${timeout / 1000} s`);
    case 'overflow':
      throw new SshFailure('failed', 'printed too much');
  }
  if (code === 0) return stdout;
  throw new SshFailure('failed', firstLine(stderr) || `ended with ${killer ?? code}`);
}

function firstLine(text: string): string {
  return text.trim().split('\n')[0]?.trim() ?? '';
}
