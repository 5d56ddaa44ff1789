import { isAtWork } from '../../domain/live.ts';
import { sleep } from '../../lib/abort.ts';
import { ExpectedError } from '../../lib/errors.ts';
import type { ServerClient } from '../../opencode/server/server-client.ts';

interface InDirectory {
  readonly id: string;
  readonly directory: string;
}

/** Time for an aborted turn to end, and delay between two checks. */
const STOP_TIMEOUT_MS = 10_000;
const CHECK_INTERVAL_MS = 150;

/**
 * Stops the turn of a session, and waits until neither it nor its subagents work. Rejects with an ExpectedError.
 */
export async function stopWork(
  client: Pick<ServerClient, 'abort' | 'read'>,
  sessions: readonly InDirectory[],
  signal: AbortSignal,
): Promise<void> {
  const deadline = performance.now() + STOP_TIMEOUT_MS;
  let working = await workingOf(client, sessions, signal);
  for (const session of working) await client.abort(session, signal);
  while (working.length > 0) {
    if (performance.now() > deadline) throw new ExpectedError(`it did not stop within ${STOP_TIMEOUT_MS / 1000} s`);
    await sleep(CHECK_INTERVAL_MS, signal);
    working = await workingOf(client, sessions, signal);
  }
}

/** Returns the sessions that the server is working on now. */
export async function workingOf<Session extends InDirectory>(
  client: Pick<ServerClient, 'read'>,
  sessions: readonly Session[],
  signal: AbortSignal,
): Promise<readonly Session[]> {
  const directories = [...new Set(sessions.map(({ directory }) => directory))];
  const { statuses } = await client.read(directories, signal);
  return sessions.filter(({ id }) => isAtWork(statuses.get(id)));
}
