import type { SessionRef } from '../../domain/session-ref.ts';
import type { OperationContext } from '../context.ts';
import { deleteWithExport } from '../delete/delete-with-export.ts';
import { logged } from '../logged.ts';
import { rememberArchived } from '../sessions/archive-session.ts';
import { findSession, hostNow } from '../target.ts';
import { cutoffOf, type PruneWish, whyKept } from './prune-plan.ts';

export type Pruned =
  | { readonly kind: 'archived'; readonly undoFault: string | null }
  | { readonly kind: 'deleted'; readonly exportPath: string }
  | { readonly kind: 'kept'; readonly reason: string };

export interface PruneInput {
  readonly wish: PruneWish;
  readonly batch: string;
  /** Sessions that are open in a terminal here. */
  readonly attached: ReadonlyMap<string, SessionRef>;
}

/** Archives or deletes a session by a prune wish, unless it was used after it was listed. Rejects as `clientFor` does. */
export async function pruneOne(
  context: OperationContext,
  ref: SessionRef,
  { wish, batch, attached }: PruneInput,
  signal: AbortSignal,
): Promise<Pruned> {
  const target = await findSession(context, ref);
  const { entry, session } = target;
  const { settings } = context.fleet.getState();
  const why = whyKept({ settings, attached }, entry, session, context.clock());
  if (why !== null) return { kind: 'kept', reason: why };
  return logged<Pruned>(
    context,
    ref.alias,
    `prune ${ref.id}`,
    async () => {
      const client = await context.clientFor(ref, 'write', signal);
      const now = await client.session(session.id, session.directory, signal);
      if (now === null) return { kind: 'kept', reason: 'it is gone already' };
      if (now.updated >= cutoffOf(entry, wish, context.clock()))
        return { kind: 'kept', reason: 'it was used meanwhile' };
      if (wish.act === 'delete')
        return { kind: 'deleted', ...(await deleteWithExport(context, ref, { batch }, signal)) };
      if (now.archived !== null) return { kind: 'kept', reason: 'it is archived already' };
      const at = hostNow(context, entry);
      await client.archive(session, at, signal);
      return { kind: 'archived', undoFault: await rememberArchived(context, target, at, batch) };
    },
    ({ kind }) => kind,
  );
}
