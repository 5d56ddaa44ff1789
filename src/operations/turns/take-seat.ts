import { isAtWork } from '../../domain/live.ts';
import type { Session } from '../../domain/session.ts';
import type { SessionRef } from '../../domain/session-ref.ts';
import type { ServerClient } from '../../opencode/server/server-client.ts';
import { ServerError } from '../../opencode/server/server-error.ts';
import type { OperationContext, Use } from '../context.ts';
import { findSession } from '../target.ts';
import { RequestFinder } from './request-finder.ts';
import type { SessionSeat } from './session-seat.ts';

/**
 * Finds a session and the server that works on it, or one that has it. On a host with several servers, asks each of them: only the one that runs a turn knows
 * of it. Rejects as `clientFor` and `findSession` do, and with a ServerError of kind `not-found` if no server has the session.
 */
export async function takeSeat(
  context: OperationContext,
  ref: SessionRef,
  use: Use,
  signal: AbortSignal,
): Promise<SessionSeat> {
  const { alias, id } = ref;
  const { session } = await findSession(context, ref);
  const first = await context.clientFor(ref, use, signal);
  const servers = context.fleet.getState().entries.get(alias)?.snapshot?.servers.length ?? 0;
  if (servers < 2) return { alias, session, client: first };
  const others = [...(await context.clientsOf(alias, signal)).values()].filter((client) => client !== first);
  const clients = [first, ...others];
  const claims = await Promise.all(clients.map((client) => claimOf(client, session, signal)));
  const client = clients[claims.indexOf('works')] ?? clients[claims.indexOf('has')];
  if (client !== undefined) return { alias, session, client };
  throw new ServerError('not-found', `GET /session/${id}`, `no server on ${alias} has ${id}`);
}

/** Tells if a server works on a session or has it; `none` also if it does not answer. */
async function claimOf(client: ServerClient, session: Session, signal: AbortSignal): Promise<'works' | 'has' | 'none'> {
  try {
    if ((await client.session(session.id, session.directory, signal)) === null) return 'none';
    const { statuses, requests } = await client.read([session.directory], signal);
    const asks = await new RequestFinder(session).find(client, requests, signal);
    return asks !== null || isAtWork(statuses.get(session.id)) ? 'works' : 'has';
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof ServerError) return 'none';
    throw error;
  }
}
