import type { HostEntry } from '../../../domain/fleet.ts';
import { printable } from '../../../domain/printable.ts';
import { CloneError, checkClone } from '../../../opencode/git-clone.ts';
import { listFolders } from '../../../opencode/list-folders.ts';
import { cloneDirectory, depthFault, directoryFault, parentOf } from '../../../operations/clone/clone-place.ts';
import { type CloneInput, cloneInto } from '../../../operations/clone/clone-repository.ts';
import { gitUrlFault } from '../../../operations/clone/git-url.ts';
import { createConfirm } from '../../../store/form/confirm.ts';
import { createForm } from '../../../store/form/form.ts';
import { isOn, textOf } from '../../../store/form/form-values.ts';
import { selectedSession } from '../../../store/selection.ts';
import type { OcrStore } from '../../../store/store.ts';
import { say, sayError } from '../../feedback.ts';
import { act, reportFailure } from '../act.ts';
import type { ActionPorts } from '../action-ports.ts';
import type { ActionTarget } from '../fleet-actions.ts';

/** Aborts of running clones, by alias. */
const runningOf = new WeakMap<OcrStore, Map<string, Set<AbortController>>>();

/** Clones a git repository on a host, and starts a session there on request. While a clone is running, offers to stop it. */
export async function cloneRepository(ports: ActionPorts, { entry, project }: ActionTarget): Promise<void> {
  if (entry === null) return;
  const { alias, label } = entry.host;
  const running = runningOf.get(ports.store) ?? new Map<string, Set<AbortController>>();
  runningOf.set(ports.store, running);
  const stops = running.get(alias) ?? new Set();
  running.set(alias, stops);
  if (stops.size > 0 && !(await wantsAnother(ports, label, stops))) return;
  const wanted = await askForRepository(ports, entry, project);
  if (wanted === null) return;
  const stop = new AbortController();
  stops.add(stop);
  try {
    await clone(ports, entry, wanted, AbortSignal.any([ports.signal, stop.signal]));
  } finally {
    stops.delete(stop);
  }
}

/** Asks what to do about clones that are already running. */
async function wantsAnother({ dialogs }: ActionPorts, label: string, stops: ReadonlySet<AbortController>) {
  const chosen = await dialogs.confirm(
    createConfirm({
      name: 'stopClone',
      title: `A repository is being cloned on ${label}`,
      lines: [{ text: 'Stopping it removes a partial clone; a finished one stays.' }],
      options: [
        { key: 'x', label: 'stop it', danger: true },
        { key: 'g', label: 'clone another' },
      ],
    }),
  );
  if (chosen === 'x') for (const stop of stops) stop.abort();
  return chosen === 'g';
}

function askForRepository(ports: ActionPorts, entry: HostEntry, project: string | null): Promise<CloneInput | null> {
  const { alias, label } = entry.host;
  const timeout = ports.timeoutOf(alias);
  const form = createForm({
    title: `Clone a git repository on ${label}`,
    submitLabel: 'clone',
    notes: [{ text: 'git cannot prompt: its credentials must be on that machine.' }],
    fields: [
      {
        kind: 'text',
        name: 'url',
        label: 'URL',
        required: true,
        placeholder: 'https://HOST/PATH or USER@HOST:PATH',
        validate: (url) => gitUrlFault(url.trim()),
      },
      {
        kind: 'text',
        name: 'directory',
        label: 'directory',
        initial: parentOf(project),
        completes: true,
        hint: "after a final /, the repository's name is added",
        validate: directoryFault,
      },
      { kind: 'text', name: 'depth', label: 'depth', hint: 'how many commits; empty for all', validate: depthFault },
      {
        kind: 'toggle',
        name: 'session',
        label: 'start a session',
        // Only a session runs code of the repository; a clone does not.
        initial: false,
        hint: "a session runs the repository's plugins (.opencode): only if you trust it",
      },
    ],
  });
  return ports.dialogs.form(form, {
    busy: `looking on ${label}`,
    complete: async (_field, value, signal) => {
      const transport = await ports.transport(alias, 'read', signal);
      const { folders, more } = await listFolders(transport, value, { signal, timeout });
      return { candidates: folders.map((value) => ({ value })), ...(more ? { note: 'there are more' } : {}) };
    },
    submit: async (values, signal) => {
      const url = textOf(values, 'url').trim();
      const depth = textOf(values, 'depth').trim();
      const request = {
        url,
        directory: cloneDirectory(textOf(values, 'directory'), url),
        depth: depth === '' ? null : Number(depth),
      };
      const transport = await ports.transport(alias, 'read', signal);
      const directory = await checkClone(transport, request, timeout, signal);
      return { ...request, directory, session: isOn(values, 'session') };
    },
  });
}

async function clone(ports: ActionPorts, { host }: HostEntry, wanted: CloneInput, signal: AbortSignal): Promise<void> {
  const { store } = ports;
  const { alias, label } = host;
  const selected = store.getState().selected;
  await act(ports, `cloning on ${label}`, async (tell) => {
    const report = (progress: string | null) =>
      tell(
        progress === null
          ? `cloned on ${label}, starting a session there`
          : `cloning on ${label}: ${printable(progress)}`,
      );
    try {
      const { directory, session, sessionError } = await cloneInto(ports, alias, wanted, report, signal);
      const cloned = `${label}: cloned into ${directory}`;
      if (sessionError !== null) {
        if (ports.signal.aborted) return;
        if (signal.aborted) return say(store, `${cloned}; stopped while a session was being started there`);
        return reportFailure(store, `${cloned}, but without a session`, sessionError);
      }
      if (session === null) return say(store, cloned);
      await ports.refreshHost(alias);
      // Leave the cursor where the user has moved it meanwhile.
      if (store.getState().selected?.key === selected?.key)
        store.setState({ selected: selectedSession(alias, session.id) });
      say(store, `${cloned}, with a new session there`);
    } catch (error) {
      if (ports.signal.aborted) throw error;
      if (signal.aborted) return say(store, `${label}: cloning stopped, nothing left behind`);
      if (!(error instanceof CloneError)) throw error;
      sayError(store, `cloning on ${label}: ${error.message}`, error.lines);
    }
  });
}
