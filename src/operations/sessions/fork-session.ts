import type { Session } from '../../domain/session.ts';
import type { SessionRef } from '../../domain/session-ref.ts';
import type { OperationContext } from '../context.ts';
import { logged } from '../logged.ts';
import { findSession } from '../target.ts';

/** Copies a session so far into a new one. Rejects as `clientFor` does. */
export function fork(context: OperationContext, ref: SessionRef, signal: AbortSignal): Promise<Session> {
  return logged(
    context,
    ref.alias,
    `fork ${ref.id}`,
    async () => {
      const client = await context.clientFor(ref, 'write', signal);
      const { session } = await findSession(context, ref);
      return client.fork(session, signal);
    },
    ({ id }) => `forked as ${id}`,
  );
}
