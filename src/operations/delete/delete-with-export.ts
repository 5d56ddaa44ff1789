import type { SessionRef } from '../../domain/session-ref.ts';
import { ExpectedError } from '../../lib/errors.ts';
import type { SessionExport } from '../../opencode/export-import.ts';
import type { ServerClient } from '../../opencode/server/server-client.ts';
import type { OperationContext } from '../context.ts';
import { workingOf } from '../sessions/stop-work.ts';
import { findSession, knownSession, refOf, type TargetSession } from '../target.ts';
import { type Deleted, forget, remember } from './deleted.ts';
import { exportName, writeExport } from './export-file.ts';

/**
 * Exports a session and those of its subagents, checks what was written, and deletes them. Nothing is deleted that works, or whose export is not whole.
 * Rejects with an ExpectedError, or as `clientFor` does.
 */
export async function deleteWithExport(
  context: OperationContext,
  ref: SessionRef,
  { batch }: { readonly batch: string },
  signal: AbortSignal,
): Promise<{ readonly exportPath: string }> {
  const client = await context.clientFor(ref, 'write', signal);
  const target = await findSession(context, ref);
  const { alias } = ref;
  const { id, title } = target.session;
  const exports = await client.exportSessions(target.session, signal);
  const [own] = exports;
  if (own === undefined) throw new ExpectedError('there is nothing to export');
  await checkWhole(context, target, exports);
  const at = context.clock();
  const paths: string[] = [];
  for (const one of exports) paths.push(await writeExport(context.exportFolder, exportName(alias, at, one), one));
  const working = await workingOf(client, exports, signal);
  if (working.length > 0) throw new ExpectedError('not deleted: it is working');
  const written = exports.map(({ id: exported, directory }, index) => ({
    id: exported,
    directory,
    path: paths[index] ?? '',
  }));
  await removeRemembered(context, client, target, { alias, at, batch, id, title, exports: written }, signal);
  return { exportPath: paths[0] ?? '' };
}

/** Deletes a session and those of its subagents for good. Rejects with an ExpectedError, or as `clientFor` does. */
export async function deleteWithoutExport(
  context: OperationContext,
  ref: SessionRef,
  { batch }: { readonly batch: string },
  signal: AbortSignal,
): Promise<void> {
  const client = await context.clientFor(ref, 'write', signal);
  const target = await findSession(context, ref);
  const { alias } = ref;
  const { id, title } = target.session;
  await removeRemembered(
    context,
    client,
    target,
    { alias, at: context.clock(), batch, id, title, exports: [] },
    signal,
  );
}

/** Recorded before the deletion: if the program dies in between, undo still knows of it. */
async function removeRemembered(
  context: OperationContext,
  client: Pick<ServerClient, 'remove' | 'session'>,
  { session }: TargetSession,
  deleted: Deleted,
  signal: AbortSignal,
): Promise<void> {
  await remember(context.exportFolder, deleted);
  try {
    await client.remove(session, signal);
  } catch (error) {
    // A lost request may have reached the server.
    const there = await client.session(session.id, session.directory, signal).catch(() => undefined);
    if (there !== null) {
      if (there !== undefined) await forget(context.exportFolder, deleted);
      throw error;
    }
  }
  if ((await client.session(session.id, session.directory, signal)) !== null) {
    await forget(context.exportFolder, deleted);
    throw new ExpectedError('the server reported it as deleted, but still has it');
  }
  for (const id of new Set([session.id, ...deleted.exports.map((one) => one.id)]))
    context.onDeleted({ alias: deleted.alias, id });
}

/**
 * Verifies that there are as many messages as the host counts. The known count may be old, so it is read again first.
 */
async function checkWhole(
  context: OperationContext,
  target: TargetSession,
  exports: readonly SessionExport[],
): Promise<void> {
  if (missingIn(knownSession(context, refOf(target)) ?? target, exports) === null) return;
  await context.refreshHost(target.entry.host.alias);
  const missing = missingIn(knownSession(context, refOf(target)) ?? target, exports);
  if (missing !== null) throw new ExpectedError(`the export is incomplete: ${missing}`);
}

function missingIn({ entry }: TargetSession, exports: readonly SessionExport[]): string | null {
  const counted = new Map(entry.snapshot?.sessions.map(({ id, messages }) => [id, messages]));
  for (const { id, messages } of exports) {
    const known = counted.get(id) ?? 0;
    if (messages < known) return `${messages} of ${known} messages of ${id}`;
  }
  return null;
}
