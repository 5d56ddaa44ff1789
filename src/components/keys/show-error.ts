import { INSTALL_LINES } from '../../domain/fleet.ts';
import { keyWarningOf, withKeyWarningSeen } from '../../store/key-warnings.ts';
import { entryOfRow, type Row } from '../../store/rows.ts';
import type { OcrState } from '../../store/state.ts';
import { failureText } from '../list/failure-text.ts';

const KEY_LINES = [
  'Someone may be intercepting the connection, or the host was reinstalled. Compare with the key on the host itself:',
  '  for key in /etc/ssh/ssh_host_*_key.pub; do ssh-keygen -lf $key; done',
];

/** Shows an error in full: on a host its own before that of a toast, on rows below it after. */
export function showError(row: Row | undefined, state: OcrState): Partial<OcrState> {
  const entry = row === undefined ? null : entryOfRow(row);
  const failure = entry?.failure ?? null;
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
  const lines = [...(failure.hint?.split('\n') ?? []), ...(failure.status === 'no-opencode' ? INSTALL_LINES : [])];
  return { error: { title, lines }, errorShown: true };
}
