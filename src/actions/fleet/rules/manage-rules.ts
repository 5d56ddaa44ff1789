import { visible } from '../../../domain/visible.ts';
import { failureText } from '../../../operations/failure.ts';
import { listRules, type Rule, removeRule } from '../../../operations/rules/saved-rules.ts';
import { createForm } from '../../../store/form/form.ts';
import { listOf } from '../../../store/form/form-values.ts';
import { say, sayError } from '../../feedback.ts';
import { act } from '../act.ts';
import type { ActionPorts } from '../action-ports.ts';
import { counted } from '../sessions/session-now.ts';

/** Lists what "always" allowed on the hosts whose servers keep it, and removes what the user checks. */
export async function manageRules(ports: ActionPorts): Promise<void> {
  const rules: Rule[] = [];
  const notes: string[] = [];
  await act(ports, 'asking which rules the hosts keep', async () => {
    for await (const answer of listRules(ports)) {
      if (answer.kind === 'kept') rules.push(...answer.rules);
      else notes.push(`${answer.alias}: ${answer.reason}`);
    }
  });
  if (rules.length === 0) return say(ports.store, `No saved rules${notes.length === 0 ? '' : `: ${notes[0]}`}`);
  const form = createForm({
    title: 'Saved rules',
    submitLabel: 'remove',
    notes: [
      { text: 'Removes the checked rules. Agents will ask again.' },
      ...notes.slice(0, 4).map((text) => ({ text, warn: true })),
    ],
    fields: [{ kind: 'multi', name: 'rules', label: 'rules', required: true, options: rules.map(optionOf) }],
  });
  const chosen = await ports.dialogs.form(form, { busy: '', submit: async (values) => listOf(values, 'rules') });
  if (chosen === null) return;
  const removed: Rule[] = [];
  await act(ports, 'removing rules', async () => {
    for (const rule of rules.filter((one) => chosen.includes(keyOf(one)))) {
      try {
        await removeRule(ports, rule);
        removed.push(rule);
      } catch (error) {
        sayError(
          ports.store,
          `${rule.alias}: the rule ${visible(rule.resource)} was not removed: ${failureText(error)}`,
          [],
        );
      }
    }
  });
  if (removed.length > 0) say(ports.store, `Removed ${counted(removed.length, 'rule')}`);
}

const keyOf = ({ alias, id }: Rule) => `${alias} ${id}`;

function optionOf(rule: Rule): { value: string; label: string; description: string } {
  const { alias, action, resource, project } = rule;
  const where = project === null ? 'a project that is no longer known' : visible(project);
  return {
    value: keyOf(rule),
    label: `${alias}: ${visible(action)} ${visible(resource)}`,
    description: `in every folder of ${where}`,
  };
}
