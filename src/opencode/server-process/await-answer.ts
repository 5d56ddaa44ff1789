import { sleep } from '../../lib/abort.ts';
import { ServerClient } from '../server/server-client.ts';
import { ServerError } from '../server/server-error.ts';
import type { OwnServer } from './own-server-answer.ts';
import { openProven, type ProofSource } from './proven-stream.ts';

/** Milliseconds that one request may take: what reaches a server in its first second may never be answered (seen with 1.18.33). */
const ONE_REQUEST = 1000;
const BETWEEN = 100;

/**
 * Waits until a server answers, and gives it with the version that it tells. It is given as it is when nothing comes within `timeout` milliseconds, or
 * when the host forwards no streams: whoever asks it for something else will be told why.
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
    timeout: ONE_REQUEST,
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
      await sleep(BETWEEN, signal);
    }
    return own;
  } finally {
    await client.close();
  }
}
