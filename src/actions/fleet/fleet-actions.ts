import { type HostEntry, notReadyReason } from '../../domain/fleet.ts';
import { noShellReason } from '../../domain/host.ts';
import { isReadOnly } from '../../fleet/read-only.ts';
import type { TargetSession } from '../../operations/target.ts';
import type { OcrState } from '../../store/state.ts';

export type FleetActionId =
  | 'decide'
  | 'answer'
  | 'allowAlways'
  | 'reject'
  | 'snooze'
  | 'markSeen'
  | 'newSession'
  | 'prompt'
  | 'abort'
  | 'delete'
  | 'undoDelete'
  | 'undoFromList'
  | 'rules'
  | 'archive'
  | 'rename'
  | 'fork'
  | 'share'
  | 'edit'
  | 'copy'
  | 'clone'
  | 'reload'
  | 'prune';

export type { TargetSession };

/** The targets of an action: the marked sessions, else the selection. */
export interface ActionTarget {
  /** The selected row's host; `null` on a group. */
  readonly entry: HostEntry | null;
  /** Worktree of the selected row's project; `null` on a host. */
  readonly project: string | null;
  /** The marked sessions, of any host; else the selected one, if it is one. */
  readonly sessions: readonly TargetSession[];
  readonly marked: boolean;
}

/** An action as data; its implementation is in `run-action.ts`. */
export interface FleetAction {
  readonly id: FleetActionId;
  /** Its name in the configuration and on the command line. */
  readonly name: string;
  readonly keys: readonly string[];
  readonly hint: string;
  readonly description: string;
  /** The kind of row that must be selected. */
  readonly on: 'session' | 'host' | 'anything';
  /** True if it works on all marked sessions at once. */
  readonly bulk: boolean;
  /** True if it changes something on a host, which read-only hosts do not allow. */
  readonly changes: boolean;
  /** True if it runs programs on the host, which needs a shell there. */
  readonly needsShell: boolean;
}

const row = (
  id: FleetActionId,
  name: string,
  keys: readonly string[],
  on: FleetAction['on'],
  traits: Partial<Pick<FleetAction, 'bulk' | 'changes' | 'needsShell'>>,
  hint: string,
  description: string,
): FleetAction => ({ id, name, keys, on, bulk: false, changes: true, needsShell: false, ...traits, hint, description });

const LOCAL = { changes: false } as const;
const BULK = { bulk: true } as const;
const SHELL = { needsShell: true } as const;

/** All that can be done to hosts and sessions, with the default keys. */
export const FLEET_ACTIONS: readonly FleetAction[] = [
  row(
    'answer',
    'allow',
    ['y'],
    'session',
    BULK,
    'Allow once',
    'Allow what it asks, this time only; on a question: Answer.',
  ),
  row(
    'allowAlways',
    'allow_always',
    ['Y'],
    'session',
    {},
    'Always allow…',
    'Stop asking for this; shows first what that covers.',
  ),
  row(
    'reject',
    'reject',
    ['N'],
    'session',
    {},
    'Reject…',
    'Say no, with a message if you like; on a question: Decline.',
  ),
  row('markSeen', 'mark_seen', ['.'], 'session', { ...BULK, ...LOCAL }, 'Mark seen', 'Mark the session as seen.'),
  row(
    'snooze',
    'snooze',
    ['z'],
    'session',
    { ...BULK, ...LOCAL },
    'Snooze',
    'Snooze for `attention.snooze`; press again to wake.',
  ),
  row('newSession', 'new_session', ['n'], 'host', {}, 'New session…', 'Start a session on this host, in this project.'),
  row('prompt', 'prompt', ['p'], 'session', BULK, 'Prompt…', 'Send a message without opening the session.'),
  row('abort', 'stop', ['x'], 'session', BULK, 'Stop…', 'Stop the turn that runs.'),
  row('rename', 'rename', ['R'], 'session', {}, 'Rename…', 'Give the session a new title.'),
  row('fork', 'fork', ['f'], 'session', {}, 'Fork', 'Copy the session so far into a new one.'),
  row('archive', 'archive', ['A'], 'session', BULK, 'Archive', 'Hide the session from lists, or bring it back.'),
  row(
    'delete',
    'kill_session',
    ['d'],
    'session',
    BULK,
    'Delete…',
    'Export and delete, or archive instead; asks first.',
  ),
  row(
    'undoDelete',
    'undo',
    ['u'],
    'anything',
    {},
    'Undo',
    'Undo the last delete or archive, the whole batch; press again for the one before.',
  ),
  row('undoFromList', 'undo_list', ['U'], 'anything', {}, 'Undo list', 'Pick a delete or archive to undo.'),
  row('rules', 'rules', [], 'anything', {}, 'Rules…', 'List the rules that "always" saved, and remove them.'),
  row('share', 'share', ['s'], 'session', {}, 'Share…', 'Publish a link to the session, or withdraw it.'),
  row('edit', 'editor', ['E'], 'session', LOCAL, 'Editor', 'Open a copy of the transcript in $EDITOR.'),
  row('copy', 'copy', ['c'], 'session', LOCAL, 'Copy…', 'Copy id, folder or attach command; letter or Enter.'),
  row(
    'clone',
    'git_clone',
    ['g c', 'g'],
    'host',
    SHELL,
    'Clone repo…',
    'Clone a git repository on the host and start a session there.',
  ),
  row(
    'prune',
    'clean_up',
    ['P'],
    'host',
    {},
    'Clean up…',
    'List sessions older than an age, then archive or delete them.',
  ),
  row(
    'reload',
    'restart_server',
    ['ctrl+r'],
    'host',
    SHELL,
    'Restart server…',
    'Restart or stop the opencode server; says what it cuts off.',
  ),
];

/** Returns why an action is disabled now; `null` if it is not. */
export function disabledReason(action: FleetAction, target: ActionTarget, state: OcrState): string | null {
  const { entry, sessions } = target;
  if (action.on === 'session') {
    if (target.marked && !action.bulk) return `Works on one session, ${sessions.length} are marked`;
    if (sessions.length === 0) return 'Select a session first';
  } else if (action.on === 'host' && entry === null) {
    return 'No host here';
  }
  const entries = action.on === 'session' ? sessions.map((session) => session.entry) : entry === null ? [] : [entry];
  const withoutShell = action.needsShell ? entries.map(({ host }) => noShellReason(host)) : [];
  const why = withoutShell.find((reason) => reason !== null);
  if (why !== undefined) return why;
  if (action.changes) {
    const kept = entries.find(({ host }) => isReadOnly(state.settings, host.alias));
    if (kept !== undefined) return `${kept.host.label} is read-only (--readonly, or readonly: true)`;
    // An action on any host reports by itself which hosts are offline.
    if (action.on === 'anything') return null;
    const away = entries.map(notReadyReason).find((why) => why !== null);
    if (away !== undefined) return away;
  }
  return null;
}
