import type { SessionRef } from '../../domain/session-ref.ts';
import { UserError } from '../../lib/errors.ts';
import type { OperationContext } from '../context.ts';
import { logged } from '../logged.ts';
import { findSession } from '../target.ts';

const CONTROLS = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/;

/** Returns the fault of a title; `null` if it has none. */
export function titleFault(title: string): string | null {
  return CONTROLS.test(title) ? 'a title is one line, without control characters' : null;
}

/** Renames a session. Rejects with a UserError, or as `clientFor` does. */
export function setTitle(
  context: OperationContext,
  ref: SessionRef,
  title: string,
  signal: AbortSignal,
): Promise<void> {
  return logged(context, ref.alias, `rename ${ref.id}`, async () => {
    const fault = titleFault(title);
    if (fault !== null) throw new UserError(fault);
    const client = await context.clientFor(ref, 'write', signal);
    const { session } = await findSession(context, ref);
    await client.rename(session, title, signal);
  });
}
