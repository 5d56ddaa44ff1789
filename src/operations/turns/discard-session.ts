import { ExpectedError } from '../../lib/errors.ts';
import { dismissRequests } from '../requests/dismiss-requests.ts';
import { stopWork } from '../sessions/stop-work.ts';
import { RequestFinder } from './request-finder.ts';
import type { SessionSeat } from './session-seat.ts';

/** Stops the turn of a session and rejects what it asks, whatever was known of it before. Rejects as a client does, and if the turn does not stop. */
export async function endTurn(
  { client, session }: Pick<SessionSeat, 'client' | 'session'>,
  signal: AbortSignal,
): Promise<void> {
  await client.abort(session, signal);
  await stopWork(client, [session], signal);
  const { requests } = await client.read([session.directory], signal);
  const own = await new RequestFinder(session).all(client, requests, signal);
  await dismissRequests(client, own, signal);
}

/** Ends the turn of a session and deletes it for good, at the server that it was made at. Rejects as `endTurn` does, and if the session is still there. */
export async function discardSession(
  seat: Pick<SessionSeat, 'client' | 'session'>,
  signal: AbortSignal,
): Promise<void> {
  const { client, session } = seat;
  await endTurn(seat, signal);
  await client.remove(session, signal);
  if ((await client.session(session.id, session.directory, signal)) !== null) {
    throw new ExpectedError('the server reported it as deleted, but still has it');
  }
}
