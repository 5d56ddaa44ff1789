import type { SessionRef } from '../../domain/session-ref.ts';
import { messageOf } from '../../lib/errors.ts';
import type { OperationContext } from '../context.ts';
import { remember } from '../delete/deleted.ts';
import { logged } from '../logged.ts';
import { findSession, hostNow, type TargetSession } from '../target.ts';

/** `undoFault`: why undo cannot revert the change; `null` if it can. */
export type Archived = { readonly kind: 'done'; readonly undoFault: string | null } | { readonly kind: 'already' };

export interface ArchiveInput {
  /** False to unarchive. */
  readonly archived: boolean;
  /** Sessions with the same batch are undone together. */
  readonly batch: string;
}

/** Archives or unarchives a session. Rejects as `clientFor` does. */
export async function setArchived(
  context: OperationContext,
  ref: SessionRef,
  { archived, batch }: ArchiveInput,
  signal: AbortSignal,
): Promise<Archived> {
  const target = await findSession(context, ref);
  if ((target.session.archived !== null) === archived) return { kind: 'already' };
  return logged(context, ref.alias, `${archived ? 'archive' : 'unarchive'} ${ref.id}`, async () => {
    const client = await context.clientFor(ref, 'write', signal);
    const after = archived ? hostNow(context, target.entry) : null;
    await client.archive(target.session, after, signal);
    return { kind: 'done', undoFault: await rememberArchived(context, target, after, batch) };
  });
}

/** Remembers for undo that a session was archived at a time of its host's clock, or unarchived (`null`). Returns why that failed, else `null`. */
export async function rememberArchived(
  { exportFolder, clock }: Pick<OperationContext, 'exportFolder' | 'clock'>,
  { entry, session }: TargetSession,
  after: number | null,
  batch: string,
): Promise<string | null> {
  const { id, title, directory, archived: before } = session;
  const archived = { directory, before, after };
  try {
    await remember(exportFolder, { alias: entry.host.alias, at: clock(), batch, id, title, exports: [], archived });
    return null;
  } catch (error) {
    return messageOf(error);
  }
}
