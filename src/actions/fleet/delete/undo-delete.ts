import type { HostEntry } from '../../../domain/fleet.ts';
import { UserError } from '../../../lib/errors.ts';
import type { SessionExport } from '../../../opencode/export-import.ts';
import { importSession } from '../../../opencode/import-session.ts';
import type { ServerClient } from '../../../opencode/server/server-client.ts';
import { createConfirm } from '../../../store/form/confirm.ts';
import { say, sayError } from '../../feedback.ts';
import { act, failureText } from '../act.ts';
import { type ActionPorts, opencodePathOf } from '../action-ports.ts';
import type { ActionTarget } from '../fleet-actions.ts';
import { type Deleted, forget, lastDeleted } from './deleted.ts';
import { readExportFile } from './export-file.ts';

/** Milliseconds that a host may be silent while opencode imports: its start alone takes seconds. */
const IMPORT_TIME = 120_000;

/** Brings back what was deleted last on a host. */
export async function undoDelete(ports: ActionPorts, { entry }: ActionTarget): Promise<void> {
  if (entry === null) return;
  const { alias, label } = entry.host;
  await act(ports, `undoing on ${label}`, async (tell) => {
    const deleted = await chooseDeleted(ports, entry);
    if (deleted.length === 0) return;
    const failures: string[] = [];
    const notes: string[] = [];
    for (const one of deleted) {
      tell(`bringing back "${one.title}" on ${label}`);
      try {
        notes.push(await restore(ports, entry, one));
      } catch (error) {
        failures.push(`${one.title}: ${failureText(error)}`);
      }
    }
    void ports.refreshHost(alias);
    if (failures.length === 0) return say(ports.store, `${label}: ${notes.join('; ')}`);
    const [first = ''] = failures;
    const count = deleted.length === 1 ? '' : `${failures.length} of ${deleted.length} were not brought back: `;
    sayError(ports.store, `${label}: ${count}${first}`, [...failures.slice(1), ...notes]);
  });
}

/** What is to be brought back; nothing when there is nothing, which is said, or the person does not want to. */
async function chooseDeleted({ store, dialogs, exportFolder }: ActionPorts, { host }: HostEntry) {
  const last = await lastDeleted(exportFolder, host.alias, () => true);
  const lost = last.find(({ exports }) => exports.length === 0);
  if (last.length === 0) say(store, `${host.label}: nothing that was deleted from here is remembered`);
  if (lost === undefined) return last;
  const before = await lastDeleted(exportFolder, host.alias, ({ exports }) => exports.length > 0);
  const [first] = before;
  const cannot = `"${lost.title}" was deleted without an export, and cannot be brought back`;
  if (first === undefined) {
    say(store, `${host.label}: ${cannot}`);
    return [];
  }
  const chosen = await dialogs.confirm(
    createConfirm({
      name: 'undo',
      title: `Bring back what was deleted before on ${host.label}?`,
      lines: [{ text: `${cannot}.`, warn: true }, ...before.map(({ title }) => ({ text: title }))],
      options: [{ key: 'y', label: 'bring back' }],
    }),
  );
  return chosen === 'y' ? before : [];
}

/** Brings back a session and those of its subagents. Says what came of it; it is forgotten then. */
async function restore(ports: ActionPorts, entry: HostEntry, deleted: Deleted): Promise<string> {
  const { signal, exportFolder } = ports;
  const { alias } = entry.host;
  const opencodePath = opencodePathOf(entry);
  if (opencodePath === null) throw new UserError('the host has not answered yet');
  const exports = [];
  for (const { id, path } of deleted.exports) {
    const read = await readExportFile(path).catch(async (error: unknown) => {
      // It will not get better, and what was deleted before is to be reached.
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
    await importSession(transport, one, { opencodePath, timeout: IMPORT_TIME }, signal);
    await checkThere(client, one, signal);
    brought += 1;
  }
  await forget(exportFolder, deleted);
  return brought === 0 ? `"${deleted.title}" is there again already` : `"${deleted.title}" is back`;
}

type Reader = Pick<ServerClient, 'exportSessions' | 'session'>;

/** Is it there again, with all its messages? An import that was cut short may be repeated: what is there stays. */
async function isThere(
  client: Reader,
  { id, directory, messages }: SessionExport,
  signal: AbortSignal,
): Promise<boolean> {
  if ((await client.session(id, directory, signal)) === null) return false;
  const [found] = await client.exportSessions({ id, directory }, signal);
  return found !== undefined && found.messages >= messages;
}

/** Is it the session that was exported? */
async function checkThere(client: Reader, expected: SessionExport, signal: AbortSignal): Promise<void> {
  const { id, title, directory, messages } = expected;
  const [found] = await client.exportSessions({ id, directory }, signal);
  if (found === undefined || found.id !== id || found.title !== title || found.messages !== messages) {
    throw new UserError(`it was imported, but ${found?.messages ?? 0} of its ${messages} messages are there`);
  }
}
