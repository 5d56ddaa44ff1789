import type { HostEntry } from '../../../domain/fleet.ts';
import { noShellReason } from '../../../domain/host.ts';
import { folderFault } from '../../../opencode/list-folders.ts';
import { knownDirectories } from '../../../operations/known-directories.ts';
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

/** Builds the form for a new session: `directory`, `create` where there is a shell to do it, `title`, `agent`, `model`, `attach` and `prompt`. */
export function newSessionForm(entry: HostEntry, directory: string): FormState {
  const hasShell = noShellReason(entry.host) === null;
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
        suggestions: suggestionsFor(entry),
        hint: hasShell ? 'on that host; tab lists its folders' : 'on that host; tab lists known folders',
        validate: folderFault,
      },
      ...(hasShell ? [CREATE] : []),
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

const CREATE = {
  kind: 'toggle',
  name: 'create',
  label: 'create the folder',
  hint: 'and any missing parent folders',
} as const;

/** Completes a part of a known directory; `null` for the start of a path, or if nothing matches. */
export function completeKnown(entry: HostEntry, typed: string): Completion | null {
  if (folderFault(typed) === null) return null;
  const word = typed.trim().toLowerCase();
  const candidates = suggestionsFor(entry).filter(({ value }) => value.toLowerCase().includes(word));
  return candidates.length === 0 ? null : { candidates, note: 'tab again picks one' };
}

function suggestionsFor(entry: HostEntry): readonly Candidate[] {
  return knownDirectories(entry)
    .slice(0, MAX_SUGGESTIONS)
    .map((value) => ({ value }));
}
