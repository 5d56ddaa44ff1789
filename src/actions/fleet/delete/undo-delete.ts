import { formatAge } from '../../../domain/format.ts';
import { isReadOnly } from '../../../fleet/read-only.ts';
import { UserError } from '../../../lib/errors.ts';
import { type Batch, type Deleted, isUndoable, rememberedBatches } from '../../../operations/delete/deleted.ts';
import { type Restored, restore } from '../../../operations/delete/restore.ts';
import { failureText } from '../../../operations/failure.ts';
import { createConfirm } from '../../../store/form/confirm.ts';
import { createForm } from '../../../store/form/form.ts';
import { choiceOf } from '../../../store/form/form-values.ts';
import type { OcrStore } from '../../../store/store.ts';
import { say, sayError } from '../../feedback.ts';
import { act } from '../act.ts';
import type { ActionPorts } from '../action-ports.ts';
import { counted } from '../sessions/session-now.ts';

const NOTHING = 'Nothing to undo';
/** Sessions that a toast names; more are counted. */
const MAX_NAMED = 3;

/** Names of the batches whose undo is in flight. */
const runningOf = new WeakMap<OcrStore, Set<string>>();

/** Undoes the last batch of deleted or archived sessions; the next call undoes the one before. */
export async function undoDelete(ports: ActionPorts): Promise<void> {
  const batch = await inWords(ports, () => chooseLast(ports));
  if (batch) await undo(ports, batch);
}

/** Lists the deleted and archived batches, and undoes the one that the user picks. */
export async function undoFromList(ports: ActionPorts): Promise<void> {
  const batches = await inWords(ports, () => rememberedBatches(ports.exportFolder));
  if (batches === undefined) return;
  if (batches.length === 0) return say(ports.store, NOTHING);
  const now = ports.clock();
  const picked = await ports.dialogs.form(
    createForm({
      title: 'Undo a delete or archive',
      submitLabel: 'undo',
      fields: [
        {
          kind: 'choice',
          name: 'batch',
          label: 'what',
          required: true,
          initial: batches.find((batch) => batch.some(isUndoable))?.[0].batch ?? null,
          options: batches.map((batch) => {
            const age = `${formatAge(now - batch[0].at)} ago`;
            return { value: batch[0].batch, label: `${age}  ${describe(ports, batch)}`, description: titlesOf(batch) };
          }),
          validate: (value) => {
            const batch = batches.find(([first]) => first.batch === value);
            return batch === undefined || batch.some(isUndoable) ? null : 'deleted without an export';
          },
        },
      ],
    }),
    { busy: 'undoing', submit: async (values) => choiceOf(values, 'batch') },
  );
  const batch = batches.find(([first]) => first.batch === picked);
  if (batch !== undefined) await undo(ports, batch);
}

/** Returns the last batch; if it cannot be undone and the user agrees, the one before. */
async function chooseLast(ports: ActionPorts): Promise<Batch | null> {
  const batches = await rememberedBatches(ports.exportFolder);
  const [last] = batches;
  if (last === undefined) {
    say(ports.store, NOTHING);
    return null;
  }
  const lost = last.find((one) => !isUndoable(one));
  if (lost === undefined) return last;
  const cannot = `"${lost.title}" was deleted without an export, and cannot be restored`;
  const before = batches.find((batch) => batch.some(isUndoable));
  if (before === undefined) {
    say(ports.store, `${labelOf(ports, lost.alias)}: ${cannot}`);
    return null;
  }
  const chosen = await ports.dialogs.confirm(
    createConfirm({
      name: 'undo',
      title: 'Undo the batch before it instead?',
      lines: [
        { text: `${cannot}.`, warn: true },
        ...before.map(({ alias, title }) => ({ text: `${labelOf(ports, alias)}: ${title}` })),
      ],
      options: [{ key: 'y', label: 'restore' }],
    }),
  );
  return chosen === 'y' ? before : null;
}

/** Undoes a batch: hosts in parallel, the sessions of a host in sequence. A failed session stays remembered. */
async function undo(ports: ActionPorts, batch: Batch): Promise<void> {
  const { store } = ports;
  const [{ batch: name }] = batch;
  const running = runningOf.get(store) ?? new Set<string>();
  runningOf.set(store, running);
  if (running.has(name)) return say(store, 'undo is already running');
  running.add(name);
  const wanted = batch.filter(isUndoable);
  const byHost = Map.groupBy(wanted, ({ alias }) => alias);
  const hosts = byHost.size === 1 ? labelOf(ports, batch[0].alias) : counted(byHost.size, 'host');
  await act(ports, `undoing on ${hosts}`, async (tell) => {
    const notes: string[] = [];
    const failures: string[] = [];
    let done = 0;
    const undoHost = async (alias: string, ofHost: readonly Deleted[]) => {
      for (const one of ofHost) {
        tell(`restoring "${one.title}" on ${labelOf(ports, alias)} (${done + 1} of ${wanted.length})`);
        try {
          notes.push(await restoreOne(ports, one));
        } catch (error) {
          const where = byHost.size === 1 ? '' : `${labelOf(ports, alias)}: `;
          failures.push(`${where}${one.title}: ${failureText(error)}`);
        }
        done += 1;
      }
      void ports.refreshHost(alias);
    };
    await Promise.all([...byHost].map(([alias, ofHost]) => undoHost(alias, ofHost)));
    const restored = notes.length <= MAX_NAMED ? notes.join('; ') : `restored ${counted(notes.length, 'session')}`;
    if (failures.length === 0) return say(store, `${hosts}: ${restored}`);
    const [first = ''] = failures;
    const count = wanted.length === 1 ? '' : `${failures.length} of ${wanted.length} not restored: `;
    sayError(store, `${hosts}: ${count}${first}`, [...failures.slice(1), ...notes]);
  }).finally(() => running.delete(name));
}

async function restoreOne(ports: ActionPorts, one: Deleted): Promise<string> {
  const { entries, settings } = ports.fleet.getState();
  if (entries.has(one.alias) && isReadOnly(settings, one.alias)) throw new UserError('the host is read-only');
  return textOf(one, await restore(ports, one, ports.signal));
}

function textOf({ title }: Deleted, { kind, wasAlready }: Restored): string {
  if (kind === 'restored') return wasAlready ? `"${title}" was restored already` : `restored "${title}"`;
  const where = kind === 'unarchived' ? 'unarchived' : 'archived';
  return `"${title}" is ${where}${wasAlready ? ' already' : ''}`;
}

/** Reports a list that cannot be read, and returns none. */
async function inWords<T>({ store }: ActionPorts, work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    sayError(store, `undo: ${failureText(error)}`, []);
    return undefined;
  }
}

/** Describes a batch, such as `deleted 18 sessions on 2 hosts`. */
function describe(ports: ActionPorts, batch: Batch): string {
  const [{ archived, alias, title }] = batch;
  const did = archived === undefined ? 'deleted' : archived.after === null ? 'unarchived' : 'archived';
  const aliases = new Set(batch.map((one) => one.alias));
  const where = aliases.size === 1 ? labelOf(ports, alias) : counted(aliases.size, 'host');
  const what = batch.length === 1 ? `"${title}"` : counted(batch.length, 'session');
  return `${did} ${what} on ${where}${batch.some(isUndoable) ? '' : ', without an export'}`;
}

function titlesOf(batch: Batch): string {
  const titles = batch.slice(0, MAX_NAMED).map(({ title }) => title);
  const more = batch.length - titles.length;
  return `${titles.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

function labelOf({ fleet }: ActionPorts, alias: string): string {
  return fleet.getState().entries.get(alias)?.host.label ?? alias;
}
