import { randomUUID } from 'node:crypto';
import { noShellReason } from '../../../domain/host.ts';
import { workOf } from '../../../fleet/session-state.ts';
import { subagentsOf } from '../../../fleet/subagents.ts';
import { deleteSession } from '../../../operations/delete/delete-session.ts';
import { setArchived } from '../../../operations/sessions/archive-session.ts';
import { refOf } from '../../../operations/target.ts';
import { createConfirm } from '../../../store/form/confirm.ts';
import { createForm, type Note } from '../../../store/form/form.ts';
import { say } from '../../feedback.ts';
import { act } from '../act.ts';
import type { ActionPorts } from '../action-ports.ts';
import type { ActionTarget, TargetSession } from '../fleet-actions.ts';
import { reportArchived } from '../sessions/archive-session.ts';
import { DONE, type RowResult, runOnAll } from '../sessions/run-on-all.ts';
import { labelOf, latestOf, unmark } from '../sessions/session-now.ts';

/** Typed to delete without an export. */
const WORD = 'delete';

interface Way {
  /** Such as `deleting`; starts a list of results, and the progress text. */
  readonly doing: string;
  readonly done: string;
  run(target: TargetSession, signal: AbortSignal): Promise<RowResult>;
}

/** Deletes or archives sessions, as the user chooses; exports them first unless told otherwise. */
export async function deleteSessions(ports: ActionPorts, target: ActionTarget): Promise<void> {
  const sessions = withoutTheirOwn(target.sessions.map((one) => latestOf(ports, one)));
  const [only, ...others] = sessions;
  if (only === undefined) return;
  const lines = sessions.flatMap(linesOf);
  const title =
    others.length === 0 ? `Delete a session of ${only.entry.host.label}?` : `Delete ${sessions.length} sessions?`;
  const chosen = await ports.dialogs.confirm(
    createConfirm({
      name: 'delete',
      title,
      lines: [...lines, ...undoLines(sessions, ports.exportFolder)],
      options: [
        { key: 'y', label: 'export, then delete', hint: 'delete' },
        { key: 'A', label: 'archive instead', hint: 'archive' },
        { key: '!', label: 'delete for good, without an export (asks again)', hint: 'for good', danger: true },
      ],
      keep: others.length === 0 ? 'keep it' : 'keep them',
    }),
  );
  if (chosen === null) return;
  if (chosen === '!' && !(await agreesToLose(ports, lines, sessions.length))) return;
  const way = wayOf(ports, chosen);
  if (others.length > 0) {
    return runOnAll(ports, { title: `${way.doing} sessions`, done: way.done, targets: sessions, run: way.run });
  }
  const { alias, label } = only.entry.host;
  await act(ports, `${way.doing.toLowerCase()} on ${label}`, async () => {
    const { reason } = await way.run(latestOf(ports, only), ports.signal).finally(() => {
      void ports.refreshHost(alias);
    });
    unmark(ports, only);
    say(ports.store, `${labelOf(only)}: ${way.done}${reason === null ? '' : `; ${reason}`}`);
  });
}

/** Says where the exports go, and which sessions they can be restored from here. */
function undoLines(sessions: readonly TargetSession[], folder: string): readonly Note[] {
  const withoutShell = sessions.filter(({ entry }) => noShellReason(entry.host) !== null);
  const labels = [...new Set(withoutShell.map(({ entry }) => entry.host.label))];
  if (labels.length === 0) return [{ text: `Exports go to ${folder}; u undoes the delete.` }];
  const where = `${labels.join(', ')} ${labels.length === 1 ? 'has' : 'have'} no shell`;
  return [
    { text: `Exports go to ${folder}.` },
    { text: `${where}: u restores nothing there; run opencode import on its machine.`, warn: true },
  ];
}

/** True if the user types the word that confirms a delete without an export. */
async function agreesToLose(ports: ActionPorts, lines: readonly Note[], count: number): Promise<boolean> {
  const agreed = await ports.dialogs.form(
    createForm({
      title: `Delete ${count === 1 ? 'this session' : `these ${count} sessions`} for good?`,
      destroys: 'deleteForGood',
      submitLabel: 'delete for good',
      notes: [{ text: 'No export is made, so u cannot undo it.', warn: true }, ...lines],
      fields: [
        {
          kind: 'text',
          name: 'word',
          label: `type "${WORD}"`,
          required: true,
          validate: (typed) => (typed.trim() === WORD ? null : `type ${WORD}, or press Esc to keep it`),
        },
      ],
    }),
    { busy: 'deleting', submit: async () => true },
  );
  return agreed === true;
}

function wayOf(ports: ActionPorts, chosen: string): Way {
  const batch = randomUUID();
  if (chosen === 'A') {
    return {
      doing: 'Archiving',
      done: 'archived',
      run: async (one, signal) =>
        reportArchived(ports, one, false, await setArchived(ports, refOf(one), { archived: true, batch }, signal)),
    };
  }
  return {
    doing: chosen === 'y' ? 'Exporting and deleting' : 'Deleting',
    done: 'deleted',
    run: async (one, signal) => {
      const input = { export: chosen === 'y', batch };
      const { exportPath } = await deleteSession(ports, refOf(one), input, signal);
      if (exportPath === null) return DONE;
      const undo = noShellReason(one.entry.host) === null ? 'u restores it; ' : '';
      return { outcome: 'ok', reason: `${undo}the export is ${exportPath}` };
    },
  };
}

/** Omits subagents' sessions whose parent is also deleted: they go with it. */
function withoutTheirOwn(targets: readonly TargetSession[]): readonly TargetSession[] {
  const keyOf = (alias: string, id: string) => `${alias}\0${id}`;
  const gone = new Set(
    targets.flatMap((one) => subagentsOf(one.entry, one.session).map(({ id }) => keyOf(one.entry.host.alias, id))),
  );
  return targets.filter(({ entry, session }) => !gone.has(keyOf(entry.host.alias, session.id)));
}

function linesOf(target: TargetSession): readonly Note[] {
  const { entry, session } = target;
  const children = subagentsOf(entry, session);
  const facts = [
    ...(session.messages === null ? [] : [`${session.messages} messages`]),
    ...(children.length === 0
      ? []
      : [`with its ${children.length === 1 ? 'subagent' : `${children.length} subagents`}`]),
    session.directory,
  ];
  const works = [session, ...children].map((one) => ({ one, work: workOf(entry, one) }));
  const notes: string[] = [];
  if (works.some(({ work }) => work === 'working')) notes.push('  It is working: its turn is stopped first.');
  else if (works.some(({ one, work }) => work === 'unsure' && one.turn === 'open')) {
    notes.push('  It may be working in an opencode without a server, which cannot be stopped from here.');
  }
  return [{ text: labelOf(target) }, { text: `  ${facts.join(', ')}` }, ...notes.map((text) => ({ text, warn: true }))];
}
