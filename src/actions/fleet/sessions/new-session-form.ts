import type { HostEntry } from '../../../domain/fleet.ts';
import { folderFault } from '../../../opencode/list-folders.ts';
import { titleFault } from '../../../operations/sessions/rename-session.ts';
import type { Candidate } from '../../../store/form/field.ts';
import { createForm, type FormState } from '../../../store/form/form.ts';
import type { Completion } from '../dialog-desk.ts';
import type { ActionTarget } from '../fleet-actions.ts';

/** Maximum number of suggested directories. */
const MAX_SUGGESTIONS = 200;

/**
 * Returns the default directory of a new session: the selected project, or the directory of the selected session; else
 * empty, which suggests all known ones.
 */
export function initialDirectory({ project, sessions, marked }: ActionTarget): string {
  const selected = marked ? undefined : sessions[0]?.session;
  return project ?? selected?.directory ?? '';
}

/** Builds the form for a new session: `directory`, `create`, `title`, `agent`, `model`, `attach` and `prompt`. */
export function newSessionForm(entry: HostEntry, directory: string): FormState {
  return createForm({
    title: `New session on ${entry.host.label}`,
    submitLabel: 'create',
    fields: [
      {
        kind: 'text',
        name: 'directory',
        label: 'directory',
        initial: directory,
        required: true,
        completes: true,
        suggestions: knownDirectories(entry),
        hint: 'on that host; tab lists its folders',
        validate: folderFault,
      },
      {
        kind: 'toggle',
        name: 'create',
        label: 'create the folder',
        hint: 'and any missing parent folders',
      },
      {
        kind: 'text',
        name: 'title',
        label: 'title',
        placeholder: 'chosen by opencode',
        validate: titleFault,
      },
      { kind: 'choice', name: 'agent', label: 'agent', options: [], loading: true },
      { kind: 'choice', name: 'model', label: 'model', options: [], loading: true },
      { kind: 'toggle', name: 'attach', label: 'attach afterwards', initial: true },
      {
        kind: 'text',
        name: 'prompt',
        label: 'first prompt',
        multiline: true,
        placeholder: 'may be empty',
      },
    ],
  });
}

/** Completes a part of a known directory; `null` for the start of a path, or if nothing matches. */
export function completeKnown(entry: HostEntry, typed: string): Completion | null {
  if (folderFault(typed) === null) return null;
  const word = typed.trim().toLowerCase();
  const candidates = knownDirectories(entry).filter(({ value }) => value.toLowerCase().includes(word));
  return candidates.length === 0 ? null : { candidates, note: 'tab again picks one' };
}

/** Directories and projects of a host's sessions, most recently used first. */
function knownDirectories({ snapshot }: HostEntry): readonly Candidate[] {
  const used = [...(snapshot?.sessions ?? [])].sort((a, b) => b.updated - a.updated);
  const paths = new Set(used.flatMap(({ project, directory }) => [project, directory]));
  return [...paths].slice(0, MAX_SUGGESTIONS).map((value) => ({ value }));
}
