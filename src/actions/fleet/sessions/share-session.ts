import { ServerError } from '../../../opencode/server/server-error.ts';
import { failureOf } from '../../../operations/failure.ts';
import { share, shareUrlOf, unshare } from '../../../operations/sessions/share-session.ts';
import { refOf } from '../../../operations/target.ts';
import { createConfirm } from '../../../store/form/confirm.ts';
import { say, sayError } from '../../feedback.ts';
import { act } from '../act.ts';
import type { ActionPorts } from '../action-ports.ts';
import type { ActionTarget, TargetSession } from '../fleet-actions.ts';
import { CLIPBOARD_NOTE, copyText } from './clipboard.ts';
import { labelOf, latestOf } from './session-now.ts';

/** Makes a session readable for everyone with its link, or withdraws it. Both need a confirmation. */
export async function shareSession(ports: ActionPorts, target: ActionTarget): Promise<void> {
  const [chosen] = target.sessions;
  if (chosen === undefined) return;
  const one = latestOf(ports, chosen);
  // One that is shared twice has two public copies, of which only the second can be taken back.
  let address: string | null | undefined;
  await act(ports, `asking ${one.entry.host.label} whether it is public`, async () => {
    address = await shareUrlOf(ports, refOf(one), ports.signal);
  });
  if (address === undefined) return;
  await (address === null ? offerToShare(ports, one) : offerToUnshare(ports, one, address));
}

async function offerToShare(ports: ActionPorts, one: TargetSession): Promise<void> {
  const { label } = one.entry.host;
  const agreed = await ports.dialogs.confirm(
    createConfirm({
      name: 'share',
      title: 'Make this session public?',
      lines: [
        { text: labelOf(one) },
        { text: '' },
        {
          text: "Its whole transcript goes to opencode's sharing service, including everything from now on.",
          warn: true,
        },
        {
          text: 'Anyone with the link can read it, including what tools read and wrote, until you withdraw it.',
        },
      ],
      options: [{ key: 'y', label: 'make public', danger: true }],
      keep: 'keep it private',
    }),
  );
  if (agreed !== 'y') return;
  await act(ports, `sharing on ${label}`, async () => {
    try {
      const address = await share(ports, refOf(one), ports.signal);
      copyText(ports, address);
      say(ports.store, `public at ${address} (copied, ${CLIPBOARD_NOTE}); s withdraws it`);
    } catch (error) {
      if (!(error instanceof ServerError) || error.kind !== 'http') throw error;
      sayError(ports.store, `${label}: opencode did not share it: ${error.reason}`, [
        'Its configuration there may forbid it (share: "disabled"), or the sharing service was not reached from there.',
        ...failureOf(error).lines,
      ]);
    }
  });
}

async function offerToUnshare(ports: ActionPorts, one: TargetSession, address: string): Promise<void> {
  const { label } = one.entry.host;
  const chosen = await ports.dialogs.confirm(
    createConfirm({
      name: 'unshare',
      title: 'This session is public. Withdraw the link?',
      lines: [{ text: labelOf(one) }, { text: address }],
      options: [
        { key: 'y', label: 'withdraw it' },
        { key: 'c', label: 'copy the link' },
      ],
    }),
  );
  if (chosen === 'c') {
    copyText(ports, address);
    say(ports.store, `copied the address, ${CLIPBOARD_NOTE}: ${address}`);
  }
  if (chosen !== 'y') return;
  await act(ports, `unsharing on ${label}`, async () => {
    await unshare(ports, refOf(one), ports.signal);
    say(ports.store, `${labelOf(one)}: no longer public`);
  });
}
