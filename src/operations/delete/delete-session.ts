import type { SessionRef } from '../../domain/session-ref.ts';
import { workOf } from '../../fleet/session-state.ts';
import { subagentsOf } from '../../fleet/subagents.ts';
import type { OperationContext } from '../context.ts';
import { logged } from '../logged.ts';
import { dismissRequests } from '../requests/dismiss-requests.ts';
import { stopWork } from '../sessions/stop-work.ts';
import { findSession } from '../target.ts';
import { deleteWithExport, deleteWithoutExport } from './delete-with-export.ts';

export interface DeleteInput {
  /** False to delete for good: undo needs the export. */
  readonly export: boolean;
  /** Sessions with the same batch are undone together. */
  readonly batch: string;
}

/** Stops a session and its subagents, and deletes them. Rejects with a UserError, or as `clientFor` does. */
export function deleteSession(
  context: OperationContext,
  ref: SessionRef,
  input: DeleteInput,
  signal: AbortSignal,
): Promise<{ readonly exportPath: string | null }> {
  return logged(
    context,
    ref.alias,
    `delete ${ref.id}`,
    async () => {
      const client = await context.clientFor(ref, 'write', signal);
      const { entry, session } = await findSession(context, ref);
      const all = [session, ...subagentsOf(entry, session)];
      if (!all.every((one) => workOf(entry, one) === 'resting')) {
        await stopWork(client, all, signal);
        const ids = new Set(all.map(({ id }) => id));
        const { requests } = await client.read([...new Set(all.map(({ directory }) => directory))], signal);
        const own = requests.filter(({ sessionId }) => ids.has(sessionId));
        await dismissRequests(client, own, signal);
      }
      if (input.export) return deleteWithExport(context, ref, input, signal);
      await deleteWithoutExport(context, ref, input, signal);
      return { exportPath: null };
    },
    ({ exportPath }) => (exportPath === null ? 'deleted' : `deleted; exported to ${exportPath}`),
  );
}
