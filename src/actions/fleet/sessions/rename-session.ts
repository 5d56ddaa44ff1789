import { setTitle, titleFault } from '../../../operations/sessions/rename-session.ts';
import { createForm } from '../../../store/form/form.ts';
import { textOf } from '../../../store/form/form-values.ts';
import { say } from '../../feedback.ts';
import { inForm } from '../act.ts';
import type { ActionPorts } from '../action-ports.ts';
import type { ActionTarget } from '../fleet-actions.ts';
import { latestOf } from './session-now.ts';

/** Renames a session. */
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
        // The current title is always valid.
        validate: (title) => (title === session.title ? null : titleFault(title)),
      },
    ],
  });
  const renamed = await ports.dialogs.form(form, {
    busy: 'renaming',
    submit: async (values, left) => {
      const title = textOf(values, 'title').trim();
      if (title === session.title) return null;
      await inForm(ports, left, (signal) => setTitle(ports, { alias, id: session.id }, title, signal));
      return title;
    },
  });
  if (renamed === null) return;
  say(ports.store, `${label}: renamed to ${renamed}`);
  void ports.refreshHost(alias);
}
