import { createForm } from '../../../store/form/form.ts';
import { textOf } from '../../../store/form/form-values.ts';
import { say } from '../../feedback.ts';
import { inForm } from '../act.ts';
import type { ActionPorts } from '../action-ports.ts';
import type { ActionTarget } from '../fleet-actions.ts';
import { latestOf } from './session-now.ts';

const CONTROLS = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/;

/** What is wrong with a title; `null` when nothing is. */
export function titleFault(title: string): string | null {
  return CONTROLS.test(title) ? 'a title is one line, without control characters' : null;
}

/** Gives a session another title. */
export async function renameSession(ports: ActionPorts, target: ActionTarget): Promise<void> {
  const [chosen] = target.sessions;
  if (chosen === undefined) return;
  const { entry, session } = latestOf(ports, chosen);
  const { alias, label } = entry.host;
  const form = createForm({
    title: `Rename on ${label}`,
    submitLabel: 'rename',
    fields: [
      {
        kind: 'text',
        name: 'title',
        label: 'title',
        initial: session.title,
        required: true,
        // What it has already, it may keep.
        validate: (title) => (title === session.title ? null : titleFault(title)),
      },
    ],
  });
  const renamed = await ports.dialogs.form(form, {
    busy: 'renaming',
    submit: async (values, left) => {
      const title = textOf(values, 'title').trim();
      if (title === session.title) return null;
      await inForm(ports, left, async (signal) => {
        const client = await ports.client(alias, session.id, signal);
        await client.rename(session, title, signal);
      });
      return title;
    },
  });
  if (renamed === null) return;
  say(ports.store, `${label}: renamed to ${renamed}`);
  void ports.refreshHost(alias);
}
