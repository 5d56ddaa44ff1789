import { workOf } from '../../../fleet/session-state.ts';
import { describeAgentAndModel } from '../../../operations/sessions/agent-and-model.ts';
import { type SentPrompt, sendPrompt } from '../../../operations/sessions/send-prompt.ts';
import { refOf } from '../../../operations/target.ts';
import { createConfirm } from '../../../store/form/confirm.ts';
import { createForm, type Note } from '../../../store/form/form.ts';
import { textOf } from '../../../store/form/form-values.ts';
import { say } from '../../feedback.ts';
import { inForm } from '../act.ts';
import type { ActionPorts } from '../action-ports.ts';
import type { ActionTarget, TargetSession } from '../fleet-actions.ts';
import { DONE, type RowResult, runOnAll } from './run-on-all.ts';
import { counted, labelOf, latestOf, unmark } from './session-now.ts';

const UNKNOWN_VOICE = "its own agent is not known: opencode's default one answers";

/** Sends a prompt to sessions without attaching to them. Several need a confirmation with the list. */
export async function promptSession(ports: ActionPorts, target: ActionTarget): Promise<void> {
  const sessions = target.sessions.map((one) => latestOf(ports, one));
  const [only, ...others] = sessions;
  if (only === undefined) return;
  const single = others.length === 0;
  let underWay = false;
  let note: string | null = null;
  const form = createForm({
    title: single ? `Prompt on ${only.entry.host.label}` : `Prompt ${counted(sessions.length, 'session')}`,
    submitLabel: 'send',
    notes: single
      ? [{ text: only.session.title }, { text: describeAgentAndModel(only.session) }, ...workNotes(only)]
      : [],
    fields: [{ kind: 'text', name: 'prompt', label: 'prompt', multiline: true, required: true }],
  });
  const text = await ports.dialogs.form(form, {
    busy: single ? 'sending' : 'waiting for your confirmation',
    submit: async (values, left) => {
      const prompt = textOf(values, 'prompt');
      if (!single) {
        if (await agreed(ports, sessions, prompt)) return prompt;
        throw new Error('it was not sent');
      }
      underWay = true;
      const sent = await inForm(ports, left, (signal) => sendPrompt(ports, refOf(only), prompt, signal)).finally(() => {
        underWay = left.aborted;
      });
      note = resultOf(sent).reason;
      return prompt;
    },
  });
  if (text === null) {
    if (underWay) say(ports.store, `${labelOf(only)}: cancelled while it was being sent: the prompt may have arrived`);
    return;
  }
  if (single) {
    say(ports.store, `${labelOf(only)}: prompt sent${note === null ? '' : `; ${note}`}`);
    unmark(ports, only);
    void ports.refreshHost(only.entry.host.alias);
    return;
  }
  await runOnAll(ports, {
    title: 'Sending the prompt',
    done: 'prompted',
    targets: sessions,
    run: async (one, signal) => resultOf(await sendPrompt(ports, refOf(one), text, signal)),
  });
}

function resultOf({ usedDefaultAgent }: SentPrompt): RowResult {
  return usedDefaultAgent ? { outcome: 'ok', reason: UNKNOWN_VOICE } : DONE;
}

async function agreed(ports: ActionPorts, sessions: readonly TargetSession[], prompt: string): Promise<boolean> {
  const [first = '', ...more] = prompt.trim().split('\n');
  const chosen = await ports.dialogs.confirm(
    createConfirm({
      name: 'promptMarked',
      title: `Send this prompt to ${counted(sessions.length, 'session')}?`,
      lines: [
        { text: `"${first}"${more.length > 0 ? ` and ${counted(more.length, 'more line')}` : ''}` },
        { text: '' },
        ...sessions.flatMap((one) => [
          { text: `${labelOf(one)} (${describeAgentAndModel(one.session)})` },
          ...workNotes(one),
        ]),
      ],
      options: [{ key: 'y', label: 'send' }],
    }),
  );
  return chosen === 'y';
}

function workNotes({ entry, session }: TargetSession): Note[] {
  if (session.archived !== null) return [{ text: '  it is archived', warn: true }];
  return workOf(entry, session) === 'working' ? [{ text: '  it is working: the prompt is queued' }] : [];
}
