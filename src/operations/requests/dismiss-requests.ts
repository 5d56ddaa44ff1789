import type { UserRequest } from '../../domain/user-request.ts';
import type { ServerClient } from '../../opencode/server/server-client.ts';
import { ServerError } from '../../opencode/server/server-error.ts';

/**
 * Rejects requests. Those of a session that was aborted or deleted stay pending (opencode 1.18.33) for as long as the server runs. Rejects with a ServerError.
 */
export async function dismissRequests(
  client: Pick<ServerClient, 'replyPermission' | 'rejectQuestion'>,
  requests: readonly UserRequest[],
  signal: AbortSignal,
): Promise<void> {
  for (const request of requests) {
    try {
      if (request.kind === 'permission') await client.replyPermission(request, 'reject', null, signal);
      else await client.rejectQuestion(request, signal);
    } catch (error) {
      // Answered meanwhile.
      if (!(error instanceof ServerError) || error.kind !== 'not-found') throw error;
    }
  }
}
