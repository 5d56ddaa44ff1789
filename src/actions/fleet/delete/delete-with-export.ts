import { randomUUID } from 'node:crypto';
import { UserError } from '../../../lib/errors.ts';
import type { SessionExport } from '../../../opencode/export-import.ts';
import type { ServerClient } from '../../../opencode/server/server-client.ts';
import { type Deleted, forget, remember } from '../../../operations/delete/deleted.ts';
import { exportName, writeExport } from '../../../operations/delete/export-file.ts';
import { workingOf } from '../../../operations/sessions/stop-work.ts';
import type { ActionPorts } from '../action-ports.ts';
import type { TargetSession } from '../fleet-actions.ts';
import { latestOf } from '../sessions/session-now.ts';

/**
 * Exports a session and those of its subagents, checks what was written, and deletes them. Nothing is deleted that works, or whose export is not whole.
 * Rejects with a UserError, or as the ports do.
 * @param batch sessions with the same are brought back together
 */
export async function deleteWithExport(
  ports: ActionPorts,
  target: TargetSession,
  signal: AbortSignal,
  batch: string = randomUUID(),
): Promise<{ exportPath: string }> {
  const { alias } = target.entry.host;
  const { id, title } = target.session;
  const client = await ports.client(alias, id, signal);
  const exports = await client.exportSessions(target.session, signal);
  const [own] = exports;
  if (own === undefined) throw new UserError('there is nothing to export');
  await checkWhole(ports, target, exports);
  const at = ports.clock();
  const paths: string[] = [];
  for (const one of exports) paths.push(await writeExport(ports.exportFolder, exportName(alias, at, one), one));
  const working = await workingOf(client, exports, signal);
  if (working.length > 0) throw new UserError('it has begun to work: it was not deleted');
  const written = exports.map(({ id: exported, directory }, index) => ({
    id: exported,
    directory,
    path: paths[index] ?? '',
  }));
  await removeRemembered(ports, client, target, { alias, at, batch, id, title, exports: written }, signal);
  return { exportPath: paths[0] ?? '' };
}

/** Deletes a session and those of its subagents for good. Rejects with a UserError, or as the ports do. */
export async function deleteWithoutExport(
  ports: ActionPorts,
  target: TargetSession,
  signal: AbortSignal,
  batch: string,
): Promise<void> {
  const { alias } = target.entry.host;
  const { id, title } = target.session;
  const client = await ports.client(alias, id, signal);
  await removeRemembered(ports, client, target, { alias, at: ports.clock(), batch, id, title, exports: [] }, signal);
}

/** It is remembered before: whatever ends this program in between, undo knows of it. */
async function removeRemembered(
  ports: ActionPorts,
  client: Pick<ServerClient, 'remove' | 'session'>,
  { session }: TargetSession,
  deleted: Deleted,
  signal: AbortSignal,
): Promise<void> {
  await remember(ports.exportFolder, deleted);
  try {
    await client.remove(session, signal);
  } catch (error) {
    // A request that was lost may have been heard.
    const there = await client.session(session.id, session.directory, signal).catch(() => undefined);
    if (there !== null) {
      if (there !== undefined) await forget(ports.exportFolder, deleted);
      throw error;
    }
  }
  if ((await client.session(session.id, session.directory, signal)) !== null) {
    await forget(ports.exportFolder, deleted);
    throw new UserError('the server says that it has deleted it, and has it still');
  }
  for (const id of new Set([session.id, ...deleted.exports.map((one) => one.id)])) ports.endAttached(deleted.alias, id);
}

/** Are there as many messages as the host counts? What is known of it may be old, so it is asked again before it is believed. */
async function checkWhole(ports: ActionPorts, target: TargetSession, exports: readonly SessionExport[]): Promise<void> {
  if (missingIn(latestOf(ports, target), exports) === null) return;
  await ports.refreshHost(target.entry.host.alias);
  const missing = missingIn(latestOf(ports, target), exports);
  if (missing !== null) throw new UserError(`the export is not whole: ${missing}`);
}

function missingIn({ entry }: TargetSession, exports: readonly SessionExport[]): string | null {
  const counted = new Map(entry.snapshot?.sessions.map(({ id, messages }) => [id, messages]));
  for (const { id, messages } of exports) {
    const known = counted.get(id) ?? 0;
    if (messages < known) return `${messages} of ${known} messages of ${id}`;
  }
  return null;
}
