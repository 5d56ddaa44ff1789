import type { HostEntry } from '../../domain/fleet.ts';
import { NotAnswered } from '../../fleet/not-answered.ts';
import { UserError } from '../../lib/errors.ts';
import type { SessionExport } from '../../opencode/export-import.ts';
import { importSession } from '../../opencode/import-session.ts';
import type { ServerClient } from '../../opencode/server/server-client.ts';
import type { OperationContext } from '../context.ts';
import { logged } from '../logged.ts';
import { opencodePathOf } from '../target.ts';
import { type Deleted, forget } from './deleted.ts';
import { readExportFile } from './export-file.ts';

/** Milliseconds of silence allowed while opencode imports: its start alone takes seconds. */
const IMPORT_TIMEOUT_MS = 120_000;

/** State of a session after an undo. `wasAlready`: it was in that state before. */
export interface Restored {
  readonly kind: 'unarchived' | 'archived' | 'restored';
  readonly wasAlready: boolean;
}

/** Undoes the change of one session, and forgets the change. Rejects with a UserError, or as `clientFor` does. */
export async function restore(context: OperationContext, deleted: Deleted, signal: AbortSignal): Promise<Restored> {
  const { alias, id, archived } = deleted;
  const entry = context.fleet.getState().entries.get(alias);
  if (entry === undefined) throw new UserError('the host is no longer listed');
  const undo = () =>
    archived === undefined ? bringBack(context, entry, deleted, signal) : moveBack(context, deleted, archived, signal);
  return logged(context, alias, `undo ${id}`, undo, ({ kind, wasAlready }) => `${kind}${wasAlready ? ' already' : ''}`);
}

/** Unarchives a session or archives it again, unless that was changed since. */
async function moveBack(
  context: OperationContext,
  deleted: Deleted,
  { directory, before, after }: NonNullable<Deleted['archived']>,
  signal: AbortSignal,
): Promise<Restored> {
  const { exportFolder } = context;
  const { alias, id } = deleted;
  const client = await context.clientFor({ alias, id }, 'write', signal);
  const now = await client.session(id, directory, signal);
  if (now === null) {
    await forget(exportFolder, deleted);
    throw new UserError('it is gone');
  }
  const isMoved = (now.archived === null) === (after === null);
  if (isMoved) await client.archive({ id, directory }, before, signal);
  await forget(exportFolder, deleted);
  return { kind: before === null ? 'unarchived' : 'archived', wasAlready: !isMoved };
}

/** Restores a deleted session and its subagents' sessions. */
async function bringBack(
  context: OperationContext,
  entry: HostEntry,
  deleted: Deleted,
  signal: AbortSignal,
): Promise<Restored> {
  const { exportFolder } = context;
  const { alias } = entry.host;
  const opencodePath = opencodePathOf(entry);
  if (opencodePath === null) throw new NotAnswered('the host');
  const exports = [];
  for (const { id, path } of deleted.exports) {
    const read = await readExportFile(path).catch(async (error: unknown) => {
      // A retry would fail the same way, and would block the undo of earlier deletions.
      await forget(exportFolder, deleted);
      throw error;
    });
    if (read.id !== id) throw new UserError(`${path} is the export of another session`);
    exports.push(read);
  }
  const client = await context.clientFor({ alias, id: null }, 'write', signal);
  let brought = 0;
  for (const one of exports) {
    if (await isThere(client, one, signal)) continue;
    const transport = await context.transport(alias, 'write', signal);
    const login = entry.snapshot?.login ?? null;
    await importSession(transport, one, { opencodePath, login, timeout: IMPORT_TIMEOUT_MS }, signal);
    await checkThere(client, one, signal);
    brought += 1;
  }
  await forget(exportFolder, deleted);
  return { kind: 'restored', wasAlready: brought === 0 };
}

type Reader = Pick<ServerClient, 'exportSessions' | 'session'>;

/** True if it is there again with all its messages. A partial import may be repeated: messages that exist stay. */
async function isThere(
  client: Reader,
  { id, directory, messages }: SessionExport,
  signal: AbortSignal,
): Promise<boolean> {
  if ((await client.session(id, directory, signal)) === null) return false;
  const [found] = await client.exportSessions({ id, directory }, signal);
  return found !== undefined && found.messages >= messages;
}

/** Throws unless the imported session equals the export. */
async function checkThere(client: Reader, expected: SessionExport, signal: AbortSignal): Promise<void> {
  const { id, title, directory, messages } = expected;
  const [found] = await client.exportSessions({ id, directory }, signal);
  if (found === undefined || found.id !== id || found.title !== title || found.messages !== messages) {
    throw new UserError(`imported, but only ${found?.messages ?? 0} of its ${messages} messages arrived`);
  }
}
