import { randomBytes } from 'node:crypto';
import { LOGIN_MODES, type LoginEnvironment, SLOW_PROFILE_MS } from '../domain/login.ts';
import { systemClock } from '../lib/clock.ts';
import { parseLogin, settleLogin, type TimedAnswer } from '../opencode/login-answer.ts';
import { askLoginScript } from '../opencode/login-script.ts';
import type { Transport } from '../transport/transport.ts';

/** Timeout of a login shell, as a multiple of the host's: profiles start agents, version managers, network mounts. */
const TIMEOUT_FACTOR = 3;
/** Extra milliseconds for the host's own shell. */
const MARGIN_MS = 10_000;
const MAX_BYTES = 4 * 2 ** 20;

/**
 * Asks the user's login shell for its environment, in a separate shell, so that a slow profile delays nothing else.
 * Gives up on a login shell that hangs, and records that in the environment. Rejects with a TransportError.
 *
 * @param timeout milliseconds of silence that the host is allowed otherwise
 */
export async function readLogin(
  transport: Pick<Transport, 'shell'>,
  timeout: number,
  signal: AbortSignal,
): Promise<LoginEnvironment> {
  const seconds = Math.max(1, Math.ceil((TIMEOUT_FACTOR * timeout) / 1000));
  const limits = { signal, idleTimeout: seconds * 1000 + MARGIN_MS, maxBytes: MAX_BYTES };
  let shell = await transport.shell(signal);
  try {
    const answers: TimedAnswer[] = [];
    for (const mode of LOGIN_MODES) {
      // On a host with few channels the shell may be closed between two scripts, to free its channel.
      if (shell.closed) shell = await transport.shell(signal);
      const mark = randomBytes(9).toString('hex');
      const from = performance.now();
      const { output } = await shell.run(askLoginScript(mode, mark, seconds), limits);
      answers.push({ ...parseLogin(output, mark), mode, duration: performance.now() - from });
      if (isEnough(answers)) break;
    }
    return settleLogin(answers, systemClock());
  } finally {
    shell.close();
  }
}

/** A second mode would not help a shell that hangs or cannot be asked, and a slow profile should run only once. */
function isEnough(answers: readonly TimedAnswer[]): boolean {
  const last = answers.at(-1);
  if (last === undefined) return false;
  if (last.outcome === 'silent' || last.outcome === 'unknown') return true;
  return last.duration >= SLOW_PROFILE_MS && last.environment?.opencode != null;
}
