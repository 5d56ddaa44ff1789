import type { HostEntry } from '../../../domain/fleet.ts';
import { UserError } from '../../../lib/errors.ts';
import type { SessionExport } from '../../../opencode/export-import.ts';
import { importSession } from '../../../opencode/import-session.ts';
import type { ServerClient } from '../../../opencode/server/server-client.ts';
import { type Deleted, forget } from '../../../operations/delete/deleted.ts';
import { readExportFile } from '../../../operations/delete/export-file.ts';
import { type ActionPorts, opencodePathOf } from '../action-ports.ts';

/** Milliseconds of silence allowed while opencode imports: its start alone takes seconds. */
const IMPORT_TIMEOUT_MS = 120_000;

/** Undoes the change of one session, forgets the change, and returns a sentence about the result. Rejects with a UserError, or as the ports do. */
export function restore(ports: ActionPorts, entry: HostEntry, deleted: Deleted): Promise<string> {
  const { archived } = deleted;
  return archived === undefined ? bringBack(ports, entry, deleted) : moveBack(ports, entry, deleted, archived);
}

/** Unarchives a session or archives it again, unless that was changed since. */
async function moveBack(
  ports: ActionPorts,
  { host }: HostEntry,
  deleted: Deleted,
  { directory, before, after }: NonNullable<Deleted['archived']>,
): Promise<string> {
  const { signal, exportFolder } = ports;
  const { id, title } = deleted;
  const client = await ports.client(host.alias, id, signal);
  const now = await client.session(id, directory, signal);
  if (now === null) {
    await forget(exportFolder, deleted);
    throw new UserError('it is gone');
  }
  const isMoved = (now.archived === null) === (after === null);
  if (isMoved) await client.archive({ id, directory }, before, signal);
  await forget(exportFolder, deleted);
  const where = before === null ? 'out of the archive again' : 'in the archive again';
  return `"${title}" is ${where}${isMoved ? '' : ' already'}`;
}

/** Restores a deleted session and its subagents' sessions. */
async function bringBack(ports: ActionPorts, entry: HostEntry, deleted: Deleted): Promise<string> {
  const { signal, exportFolder } = ports;
  const { alias } = entry.host;
  const opencodePath = opencodePathOf(entry);
  if (opencodePath === null) throw new UserError('the host has not answered yet');
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
  const client = await ports.client(alias, null, signal);
  let brought = 0;
  for (const one of exports) {
    if (await isThere(client, one, signal)) continue;
    const transport = await ports.transport(alias, signal);
    const login = entry.snapshot?.login ?? null;
    await importSession(transport, one, { opencodePath, login, timeout: IMPORT_TIMEOUT_MS }, signal);
    await checkThere(client, one, signal);
    brought += 1;
  }
  await forget(exportFolder, deleted);
  return brought === 0 ? `"${deleted.title}" was restored already` : `restored "${deleted.title}"`;
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
