import { randomUUID } from 'node:crypto';
import { formatAge } from '../../../domain/format.ts';
import { isReadOnly } from '../../../fleet/read-only.ts';
import { parseDuration } from '../../../lib/duration.ts';
import { type Pruned, pruneOne } from '../../../operations/prune/prune-one.ts';
import { type PrunePlan, type PruneWish, planPrune } from '../../../operations/prune/prune-plan.ts';
import { hostNow, refOf } from '../../../operations/target.ts';
import { createConfirm } from '../../../store/form/confirm.ts';
import { createForm, type FormState, type Note } from '../../../store/form/form.ts';
import { choiceOf, type FormValues, textOf } from '../../../store/form/form-values.ts';
import type { ActionPorts } from '../action-ports.ts';
import type { ActionTarget, TargetSession } from '../fleet-actions.ts';
import { reportUndoFault } from './archive-session.ts';
import { DONE, type RowResult, runOnAll, skipped } from './run-on-all.ts';
import { counted, labelOf } from './session-now.ts';

/** Archives or deletes sessions that were not used for some time, after a confirmation with the list. */
export async function pruneSessions(ports: ActionPorts, target: ActionTarget): Promise<void> {
  if (target.entry === null) return;
  const { alias } = target.entry.host;
  const agreed = await ports.dialogs.form(pruneForm(target), {
    busy: 'looking for them',
    submit: async (values, left) => {
      const wish = wishOf(values, alias, target.project);
      await refreshAll(ports, wish);
      // If the user has left the form meanwhile, do not ask further.
      left.throwIfAborted();
      const plan = planPrune(ports.store.getState(), wish, ports.clock());
      if (plan.targets.length === 0) throw new Error(nothingText(plan));
      if (await agreedTo(ports, wish, plan)) return { wish, plan };
      throw new Error('nothing was done');
    },
  });
  if (agreed === null) return;
  const { wish, plan } = agreed;
  // One batch: undo restores all of it together.
  const batch = randomUUID();
  await runOnAll(ports, {
    title: wish.act === 'archive' ? 'Archiving' : 'Deleting',
    done: wish.act === 'archive' ? 'archived' : 'deleted',
    targets: plan.targets,
    run: async (one, signal) => {
      const { attached } = ports.store.getState();
      return resultOf(ports, one, await pruneOne(ports, refOf(one), { wish, batch, attached }, signal));
    },
  });
}

function pruneForm({ entry, project }: ActionTarget): FormState {
  const here = project === null ? [] : [{ value: 'project', label: `the project ${project}` }];
  return createForm({
    title: 'Clean up sessions',
    submitLabel: 'list them',
    notes: [
      {
        text: 'Nothing happens before you have seen the list. Sessions that work, wait or are open here are left alone.',
      },
    ],
    fields: [
      {
        kind: 'text',
        name: 'age',
        label: 'not used for',
        initial: '30d',
        required: true,
        hint: 'such as 12h, 30d, 1d12h',
        validate: (text) => ((parseDuration(text.trim()) ?? 0) > 0 ? null : 'an age such as 12h, 30d or 1d12h'),
      },
      {
        kind: 'choice',
        name: 'act',
        label: 'what to do',
        initial: 'archive',
        required: true,
        options: [
          { value: 'archive', label: 'archive', description: 'they are hidden, and can be unarchived' },
          { value: 'delete', label: 'delete', description: 'each is exported first' },
        ],
      },
      {
        kind: 'choice',
        name: 'where',
        label: 'where',
        initial: project === null ? 'host' : 'project',
        required: true,
        options: [
          ...here,
          { value: 'host', label: `all of ${entry?.host.label ?? 'the host'}` },
          { value: 'all', label: 'all hosts that are online' },
        ],
      },
    ],
  });
}

function wishOf(values: FormValues, alias: string, project: string | null): PruneWish {
  const where = choiceOf(values, 'where');
  return {
    act: choiceOf(values, 'act') === 'delete' ? 'delete' : 'archive',
    olderThan: parseDuration(textOf(values, 'age').trim()) ?? Number.POSITIVE_INFINITY,
    where:
      where === 'all'
        ? { kind: 'all' }
        : where === 'project' && project !== null
          ? { kind: 'project', alias, project }
          : { kind: 'host', alias },
  };
}

/** Refreshes the hosts, so that the list is current. Hosts that fail are reported as unreachable. */
async function refreshAll(ports: ActionPorts, { where }: PruneWish): Promise<void> {
  const state = ports.store.getState();
  const aliases = where.kind === 'all' ? [...state.entries.keys()] : [where.alias];
  await Promise.all(
    aliases
      .filter((alias) => !isReadOnly(state.settings, alias) && state.entries.get(alias)?.failure === null)
      .map((alias) => ports.refreshHost(alias)),
  );
}

function nothingText({ kept, leftOut }: PrunePlan): string {
  const reasons = [
    ...kept.map(({ target, reason }) => `${labelOf(target)} ${verb(reason)}`),
    ...leftOut.map(leftOutText),
  ];
  return reasons.length > 0 ? `nothing to clean up; left alone: ${reasons.join(', ')}` : 'no session there is that old';
}

const leftOutText = ({ entry, reason }: PrunePlan['leftOut'][number]) => `${entry.host.label} is ${reason}`;

async function agreedTo(ports: ActionPorts, wish: PruneWish, plan: PrunePlan): Promise<boolean> {
  const { targets, kept, leftOut } = plan;
  const isDelete = wish.act === 'delete';
  const notes: Note[] = [
    ...(isDelete ? [{ text: `Exports go to ${ports.exportFolder}; u undoes the delete.` }] : []),
    ...kept.map(({ target, reason }) => ({ text: `left alone, since it ${verb(reason)}: ${labelOf(target)}` })),
    ...leftOut.map((one) => ({ text: `left out: ${leftOutText(one)}`, warn: true })),
  ];
  const key = await ports.dialogs.confirm(
    createConfirm({
      name: 'prune',
      title: `${isDelete ? 'Delete' : 'Archive'} ${counted(targets.length, 'session')}?`,
      lines: [
        ...targets.map((one) => ({ text: listed(ports, one) })),
        ...(notes.length > 0 ? [{ text: '' }, ...notes] : []),
      ],
      options: [{ key: 'y', label: isDelete ? 'export, then delete' : 'archive', danger: isDelete }],
      keep: 'keep them',
    }),
  );
  return key === 'y';
}

/** `open ...` is a state, the others are verbs. */
function verb(reason: string): string {
  return reason.startsWith('open') ? `is ${reason}` : reason;
}

function listed(ports: ActionPorts, one: TargetSession): string {
  const { entry, session } = one;
  const age = formatAge(hostNow(ports, entry) - session.updated);
  return `${labelOf(one)} (${age}, ${session.directory})${session.archived === null ? '' : ' (archived)'}`;
}

function resultOf(ports: ActionPorts, target: TargetSession, pruned: Pruned): RowResult {
  if (pruned.kind === 'kept') return skipped(pruned.reason);
  if (pruned.kind === 'deleted') return { outcome: 'ok', reason: pruned.exportPath };
  reportUndoFault(ports, target, pruned.undoFault);
  return DONE;
}
