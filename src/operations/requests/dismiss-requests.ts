import type { ServerClient } from '../../opencode/server/server-client.ts';
import { ServerError } from '../../opencode/server/server-error.ts';

interface InDirectory {
  readonly id: string;
  readonly directory: string;
}

/**
 * Rejects what sessions still ask. Aborting and deleting a session leaves its requests pending (opencode 1.18.33), for as long as the server runs. Rejects with a
 * ServerError.
 */
export async function dismissRequests(
  client: Pick<ServerClient, 'read' | 'replyPermission' | 'rejectQuestion'>,
  sessions: readonly InDirectory[],
  signal: AbortSignal,
): Promise<void> {
  const ids = new Set(sessions.map(({ id }) => id));
  const { requests } = await client.read([...new Set(sessions.map(({ directory }) => directory))], signal);
  for (const request of requests.filter(({ sessionId }) => ids.has(sessionId))) {
    try {
      if (request.kind === 'permission') await client.replyPermission(request, 'reject', null, signal);
      else await client.rejectQuestion(request, signal);
    } catch (error) {
      // Answered meanwhile.
      if (!(error instanceof ServerError) || error.kind !== 'not-found') throw error;
    }
  }
}
