import { randomUUID } from 'node:crypto';
import { workOf } from '../../../fleet/session-state.ts';
import { type Archived, setArchived } from '../../../operations/sessions/archive-session.ts';
import { refOf } from '../../../operations/target.ts';
import { createConfirm } from '../../../store/form/confirm.ts';
import { say, sayError } from '../../feedback.ts';
import { act } from '../act.ts';
import type { ActionPorts } from '../action-ports.ts';
import type { ActionTarget, TargetSession } from '../fleet-actions.ts';
import { DONE, type RowResult, runOnAll, skipped } from './run-on-all.ts';
import { counted, labelOf, latestOf, unmark } from './session-now.ts';

/** Archives sessions, or unarchives them if all are archived. Several need a confirmation. */
export async function archiveSession(ports: ActionPorts, target: ActionTarget): Promise<void> {
  const sessions = target.sessions.map((one) => latestOf(ports, one));
  const [only, ...others] = sessions;
  if (only === undefined) return;
  const takeOut = sessions.every(({ session }) => session.archived !== null);
  if (others.length === 0) {
    return act(ports, `${takeOut ? 'unarchiving' : 'archiving'} on ${only.entry.host.label}`, async () => {
      const input = { archived: !takeOut, batch: randomUUID() };
      reportArchived(ports, only, takeOut, await setArchived(ports, refOf(only), input, ports.signal));
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
        ? `Unarchive ${counted(moving.length, 'session')}?`
        : `Archive ${counted(moving.length, 'session')}?`,
      lines: moving.map((one) =>
        !takeOut && workOf(one.entry, one.session) === 'working'
          ? { text: `${labelOf(one)} (is working, and goes on)`, warn: true }
          : { text: labelOf(one) },
      ),
      options: [{ key: 'y', label: takeOut ? 'unarchive' : 'archive' }],
    }),
  );
  if (chosen !== 'y') return;
  // One batch: undo takes it back as a whole.
  const batch = randomUUID();
  await runOnAll(ports, {
    title: takeOut ? 'Unarchiving' : 'Archiving',
    done: takeOut ? 'unarchived' : 'archived',
    targets: sessions,
    run: async (one, signal) =>
      reportArchived(ports, one, takeOut, await setArchived(ports, refOf(one), { archived: !takeOut, batch }, signal)),
  });
}

/** Returns the row for an archived or unarchived session; reports it if undo cannot revert the change. */
export function reportArchived(
  ports: ActionPorts,
  target: TargetSession,
  takeOut: boolean,
  archived: Archived,
): RowResult {
  if (archived.kind === 'already') return skipped(takeOut ? 'it is not archived' : 'it is archived already');
  reportUndoFault(ports, target, archived.undoFault);
  return DONE;
}

/** Reports that a change is done but cannot be undone by undo; the same key still reverts it. */
export function reportUndoFault({ store }: ActionPorts, target: TargetSession, fault: string | null): void {
  if (fault !== null) sayError(store, `${labelOf(target)}: done, but undo cannot revert it: ${fault}`, []);
}

function archivedText({ store }: ActionPorts): string {
  return store.getState().settings.showArchived ? 'archived; A unarchives it' : 'archived; H shows it, A unarchives it';
}
