import type { SessionRef } from '../../domain/session-ref.ts';
import { workOf } from '../../fleet/session-state.ts';
import type { OperationContext } from '../context.ts';
import { logged } from '../logged.ts';
import { findSession, markSeen } from '../target.ts';
import { workingOf } from './stop-work.ts';

/** `unsure`: it was told to stop, but no server reports its work, so it may run in an opencode without a server. */
export type Aborted = 'stopped' | 'not-working' | 'unsure';

/** The end of a turn within this time is the user's own doing, and not news. */
const END_TIMEOUT_MS = 5000;

/** Stops the running turn of a session. Rejects as `clientFor` does. */
export async function abortTurn(context: OperationContext, ref: SessionRef, signal: AbortSignal): Promise<Aborted> {
  const target = await findSession(context, ref);
  const work = workOf(target.entry, target.session);
  if (work === 'resting') return 'not-working';
  return logged(
    context,
    ref.alias,
    `abort ${ref.id}`,
    async () => {
      const client = await context.clientFor(ref, 'write', signal);
      // The only opencode that is known of an instance is its server.
      const isKnown = target.entry.host.route.kind === 'url';
      const isWorking = !isKnown || (await workingOf(client, [target.session], signal)).length > 0;
      if (!isWorking) return 'not-working';
      await client.abort(target.session, signal);
      markSeen(context, target, END_TIMEOUT_MS);
      return work === 'unsure' && !isKnown ? 'unsure' : 'stopped';
    },
    (aborted) => aborted,
  );
}
