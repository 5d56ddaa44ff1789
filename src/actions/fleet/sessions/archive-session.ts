import { randomUUID } from 'node:crypto';
import { workOf } from '../../../fleet/session-state.ts';
import { messageOf } from '../../../lib/errors.ts';
import { remember } from '../../../operations/delete/deleted.ts';
import { createConfirm } from '../../../store/form/confirm.ts';
import { say, sayError } from '../../feedback.ts';
import { act } from '../act.ts';
import type { ActionPorts } from '../action-ports.ts';
import type { ActionTarget, TargetSession } from '../fleet-actions.ts';
import { DONE, type Outcome, runOnAll, skipped } from './run-on-all.ts';
import { counted, hostNow, labelOf, latestOf, unmark } from './session-now.ts';

/** Archives sessions, or takes them out of the archive when all of them are in it. Several only once the person has agreed. */
export async function archiveSession(ports: ActionPorts, target: ActionTarget): Promise<void> {
  const sessions = target.sessions.map((one) => latestOf(ports, one));
  const [only, ...others] = sessions;
  if (only === undefined) return;
  const takeOut = sessions.every(({ session }) => session.archived !== null);
  if (others.length === 0) {
    return act(ports, `${takeOut ? 'unarchiving' : 'archiving'} on ${only.entry.host.label}`, async () => {
      await setArchived(ports, only, takeOut, ports.signal, randomUUID());
      unmark(ports, only);
      say(ports.store, `${labelOf(only)}: ${takeOut ? 'unarchived' : archivedText(ports)}`);
      void ports.refreshHost(only.entry.host.alias);
    });
  }
  const moving = sessions.filter(({ session }) => (session.archived !== null) === takeOut);
  const chosen = await ports.dialogs.confirm(
    createConfirm({
      name: 'archive',
      title: takeOut
        ? `Take ${counted(moving.length, 'session')} out of the archive?`
        : `Archive ${counted(moving.length, 'session')}?`,
      lines: moving.map((one) =>
        !takeOut && workOf(one.entry, one.session) === 'working'
          ? { text: `${labelOf(one)} (works now, and goes on)`, warn: true }
          : { text: labelOf(one) },
      ),
      options: [{ key: 'y', label: takeOut ? 'unarchive' : 'archive' }],
    }),
  );
  if (chosen !== 'y') return;
  // One batch: undo takes it back as a whole.
  const batch = randomUUID();
  await runOnAll(ports, {
    title: takeOut ? 'Taking out of the archive' : 'Archiving',
    done: takeOut ? 'unarchived' : 'archived',
    targets: sessions,
    run: (one, signal) => setArchived(ports, one, takeOut, signal, batch),
  });
}

/** Archives a session, or takes it out of the archive. */
export async function setArchived(
  ports: ActionPorts,
  { entry, session }: TargetSession,
  takeOut: boolean,
  signal: AbortSignal,
  batch: string,
): Promise<Outcome> {
  if ((session.archived === null) === takeOut)
    return skipped(takeOut ? 'it is not archived' : 'it is archived already');
  const client = await ports.client(entry.host.alias, session.id, signal);
  const after = takeOut ? null : hostNow(ports, entry);
  await client.archive(session, after, signal);
  await rememberArchived(ports, { entry, session }, after, batch);
  return DONE;
}

/** Remembers for undo that a session was archived at a time of its host's clock, or unarchived (`null`). */
export async function rememberArchived(
  ports: ActionPorts,
  { entry, session }: TargetSession,
  after: number | null,
  batch: string,
): Promise<void> {
  const { id, title, directory, archived: before } = session;
  const { alias } = entry.host;
  const archived = { directory, before, after };
  try {
    await remember(ports.exportFolder, { alias, at: ports.clock(), batch, id, title, exports: [], archived });
  } catch (error) {
    // The change is made, and the same key reverts it.
    sayError(ports.store, `${labelOf({ entry, session })}: done, but undo cannot revert it: ${messageOf(error)}`, []);
  }
}

function archivedText({ store }: ActionPorts): string {
  return store.getState().settings.showArchived
    ? 'archived; A on it takes it back'
    : 'archived; H shows it, and A on it takes it back';
}
