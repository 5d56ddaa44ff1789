import type { SessionRef } from '../../domain/session-ref.ts';
import type { OperationContext } from '../context.ts';
import { logged } from '../logged.ts';
import { findSession } from '../target.ts';

/** Returns the public address of a session; `null` if it is private. */
export async function shareUrlOf(
  context: OperationContext,
  ref: SessionRef,
  signal: AbortSignal,
): Promise<string | null> {
  const client = await context.clientFor(ref, 'read', signal);
  const { session } = await findSession(context, ref);
  return client.shareUrl(session, signal);
}

/** Publishes a session and returns its address, which lets its reader see everything: it is not logged. Rejects as `clientFor` does. */
export function share(context: OperationContext, ref: SessionRef, signal: AbortSignal): Promise<string> {
  return logged(
    context,
    ref.alias,
    `share ${ref.id}`,
    async () => {
      const client = await context.clientFor(ref, 'write', signal);
      const { session } = await findSession(context, ref);
      return client.share(session, signal);
    },
    () => 'made public',
  );
}

/** Makes a public session private. Rejects as `clientFor` does. */
export function unshare(context: OperationContext, ref: SessionRef, signal: AbortSignal): Promise<void> {
  return logged(context, ref.alias, `unshare ${ref.id}`, async () => {
    const client = await context.clientFor(ref, 'write', signal);
    const { session } = await findSession(context, ref);
    await client.unshare(session, signal);
  });
}
