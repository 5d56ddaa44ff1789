import { sleep } from '../../lib/abort.ts';
import { ServerClient } from '../server/server-client.ts';
import { ServerError } from '../server/server-error.ts';
import type { OwnServer } from './own-server-answer.ts';
import { openProven, type ProofSource } from './proven-stream.ts';

/** Time for one request: a server may never answer one that arrives in its first second (seen with 1.18.33). */
const REQUEST_TIMEOUT_MS = 1000;
const RETRY_DELAY_MS = 100;

/**
 * Waits until a server responds, and returns it with its version. Returns it unchanged if it does not respond within
 * `timeout` milliseconds, or if the host forwards no streams: the next request will report why.
 */
export async function awaitAnswer(
  host: ProofSource,
  own: OwnServer,
  timeout: number,
  signal: AbortSignal,
): Promise<OwnServer> {
  const { server, password } = own;
  const client = new ServerClient({
    open: (_target, until) => openProven(host, server, until),
    access: { hostname: server.hostname, port: server.port, username: 'opencode', password },
    timeout: REQUEST_TIMEOUT_MS,
    clock: Date.now,
  });
  const deadline = performance.now() + timeout;
  try {
    while (!signal.aborted && performance.now() < deadline) {
      try {
        const { version } = await client.health(signal);
        return { ...own, server: { ...server, version } };
      } catch (error) {
        if (!(error instanceof ServerError) || error.kind !== 'timeout') return own;
      }
      await sleep(RETRY_DELAY_MS, signal);
    }
    return own;
  } finally {
    await client.close();
  }
}
