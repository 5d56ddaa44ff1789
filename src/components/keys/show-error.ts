import { INSTALL_LINES } from '../../domain/fleet.ts';
import { visible } from '../../domain/visible.ts';
import { keyWarningOf, withKeyWarningSeen } from '../../store/key-warnings.ts';
import { hasFailures } from '../../store/messages.ts';
import { entryOfRow, type Row, sessionOfRow } from '../../store/rows.ts';
import type { OcrState } from '../../store/state.ts';
import { failureText } from '../list/failure-text.ts';

const KEY_LINES = [
  'Someone may be intercepting the connection, or the host was reinstalled. Compare with the key on the host itself:',
  '  for key in /etc/ssh/ssh_host_*_key.pub; do ssh-keygen -lf $key; done',
];

/** Returns the error that ended a session's last turn; `null` for none. */
function errorOfSession(row: Row): OcrState['error'] {
  const of = sessionOfRow(row);
  if (of === null) return null;
  const { session } = of;
  if (session.error === null) return null;
  return {
    title: `${visible(session.title)}: the last turn ended in an error`,
    lines: [visible(session.error), 'Its transcript has the whole message: v shows it.'],
  };
}

/** Shows an error in full: on a host its own before that of a toast, on rows below it after. */
export function showError(row: Row | undefined, state: OcrState): Partial<OcrState> {
  const entry = row === undefined ? null : entryOfRow(row);
  const failure = entry?.failure ?? null;
  const own = row === undefined || hasFailures(state) ? null : errorOfSession(row);
  if (own !== null) return { error: own, errorShown: true };
  if (entry !== null && failure === null && (row?.kind === 'host' || state.error === null)) {
    const warning = keyWarningOf(entry, state.seenKeyWarnings);
    if (warning !== null) {
      const error = { title: `${entry.host.label}: host key changed`, lines: [warning.text, ...KEY_LINES] };
      return { error, errorShown: true, seenKeyWarnings: withKeyWarningSeen(state.seenKeyWarnings, entry) };
    }
  }
  if (entry === null || failure === null || (row?.kind !== 'host' && state.error !== null)) {
    return { errorShown: state.error !== null, failuresSeen: Date.now() };
  }
  const title = `${entry.host.label}: ${failureText(failure)}`;
  const known = [...(failure.hint?.split('\n') ?? []), ...(failure.status === 'no-opencode' ? INSTALL_LINES : [])];
  const lines = known.length > 0 ? known : [`r tries ${entry.host.label} again; ocr itself does so too.`];
  return { error: { title, lines }, errorShown: true };
}
