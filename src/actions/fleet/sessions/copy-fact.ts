import { printable } from '../../../domain/printable.ts';
import { attachLine } from '../../../operations/sessions/attach-line.ts';
import { opencodePathOf } from '../../../operations/target.ts';
import { createConfirm } from '../../../store/form/confirm.ts';
import { say, sayError } from '../../feedback.ts';
import type { ActionPorts } from '../action-ports.ts';
import type { ActionTarget } from '../fleet-actions.ts';
import { CLIPBOARD_NOTE, copyText } from './clipboard.ts';
import { latestOf } from './session-now.ts';

/** Copies a fact about a session to the clipboard. */
export async function copyFact(ports: ActionPorts, target: ActionTarget): Promise<void> {
  const [chosen] = target.sessions;
  if (chosen === undefined) return;
  const { entry, session } = latestOf(ports, chosen);
  const facts = [
    { key: 'i', label: 'id', text: session.id },
    { key: 'd', label: 'directory', text: session.directory },
    {
      key: 'a',
      label: 'attach command',
      text: attachLine(entry.host, opencodePathOf(entry) ?? 'opencode', session, ports.sshConfigFile),
    },
    // A title is for reading: it must not contain keys for the program that it is pasted into.
    { key: 't', label: 'title', text: printable(session.title) },
  ];
  const key = await ports.dialogs.confirm(
    createConfirm({
      name: 'copy',
      title: 'Copy what?',
      lines: facts.map(({ label, text }) => ({ text: `${label}: ${text}` })),
      options: facts.map((fact) => ({ key: fact.key, label: fact.label })),
    }),
  );
  const fact = facts.find((one) => one.key === key);
  if (fact === undefined) return;
  if (/[\u0000-\u001f\u007f-\u009f]/.test(fact.text)) {
    return sayError(ports.store, `the ${fact.label} contains control characters: it was not copied`, [
      'When pasted, they would act as keys. The attach command contains them in a safe form.',
    ]);
  }
  copyText(ports, fact.text);
  say(ports.store, `copied the ${fact.label}, ${CLIPBOARD_NOTE}: ${fact.text}`);
}
