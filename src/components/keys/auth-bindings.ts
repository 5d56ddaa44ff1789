import type { HostStatus } from '../../domain/snapshot.ts';
import { entryOfRow, type Row } from '../../store/rows.ts';
import { failureText } from '../list/failure-text.ts';
import type { Binding, BindingContext } from './binding.ts';

/** States of a host that the user can fix: a blocked one may wait for a hop's password. */
const NEEDS_A_PERSON: ReadonlySet<HostStatus> = new Set(['auth-required', 'host-key-unknown', 'blocked']);

/** Returns why the host of a row cannot be authenticated; `null` if it can. No key overrides a changed host key. */
export function authenticateDisabledReason(row: Row | undefined, errorKey: string): string | null {
  const entry = row === undefined ? null : entryOfRow(row);
  if (entry === null) return 'No host here';
  const { label, route } = entry.host;
  const status = entry.failure?.status ?? 'online';
  if (route.kind === 'url' && entry.failure !== null) {
    return status === 'auth-required'
      ? `${label} is reached by its URL: ${errorKey} shows where its password is set`
      : `${label} is ${failureText(entry.failure)}; r tries again`;
  }
  if (NEEDS_A_PERSON.has(status)) return null;
  return status === 'host-key-changed'
    ? `the key of ${label} has changed: ssh refuses it too; ${errorKey} shows what to do`
    : entry.failure === null
      ? `${label} needs no authentication`
      : `${label} is ${failureText(entry.failure)}; r tries again`;
}

const whenAsked = ({ state: { dialog } }: BindingContext) =>
  dialog === null || dialog.question === null ? 'Nothing is asked now' : null;

function submitHint({ state: { dialog } }: BindingContext): string {
  const shown = dialog?.question;
  if (shown?.kind !== 'secret') return 'Try again';
  return shown.answers.length < shown.question.prompts.length ? 'Next' : 'Send';
}

/**
 * Keys while a host is being authenticated. A shown host key is accepted by `y` only; the system's ssh asks in its own
 * words, and takes a typed `yes`.
 */
export const authBindings: readonly Binding[] = [
  {
    name: 'auth_send',
    action: 'submit',
    keys: ['enter'],
    modes: ['auth'],
    group: 'connecting',
    hint: submitHint,
    description: 'While connecting: send the answer, or retry after a failure.',
    disabled: (context) => (context.state.dialog?.failure ? null : whenAsked(context)),
  },
  {
    name: 'auth_cancel',
    action: 'cancelAuthentication',
    keys: ['esc'],
    modes: ['auth'],
    group: 'connecting',
    hint: ({ state: { dialog } }) => (dialog?.failure && dialog.question === null ? 'Close' : 'Cancel'),
    description: 'While connecting: cancel.',
  },
  {
    name: 'auth_erase',
    action: 'eraseAnswerCharacter',
    keys: ['backspace', 'delete'],
    modes: ['auth'],
    group: 'connecting',
    hint: 'Erase',
    description: 'While connecting: erase the last character.',
    disabled: whenAsked,
  },
  {
    name: 'auth_erase_all',
    action: 'eraseAnswer',
    keys: ['ctrl+u'],
    modes: ['auth'],
    group: 'connecting',
    hint: 'Erase all',
    description: 'While connecting: erase all.',
    disabled: whenAsked,
  },
  {
    name: 'key_add',
    action: 'trust',
    keys: ['y'],
    modes: ['trust'],
    group: 'connecting',
    hint: 'Add this key',
    description: 'While a host key is shown: add it to known_hosts and go on.',
  },
  {
    name: 'key_reject',
    action: 'distrust',
    keys: ['n', 'esc'],
    modes: ['trust'],
    group: 'connecting',
    hint: 'Leave it',
    description: 'While a host key is shown: reject it and cancel.',
  },
  {
    name: 'auth_terminal',
    action: 'useTerminal',
    keys: ['ctrl+t'],
    modes: ['auth', 'trust'],
    group: 'connecting',
    hint: 'In the terminal',
    description: 'While connecting: run the ssh commands shown, in the terminal.',
    disabled: ({ state: { dialog } }) => (dialog?.commands.length ? null : 'There is no command for this'),
  },
];
