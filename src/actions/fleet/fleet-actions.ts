import { type HostEntry, notReadyReason } from '../../domain/fleet.ts';
import { isReadOnly } from '../../fleet/read-only.ts';
import type { TargetSession } from '../../operations/target.ts';
import type { OcrState } from '../../store/state.ts';

export type FleetActionId =
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
  readonly keys: readonly string[];
  readonly hint: string;
  readonly description: string;
  readonly footer: boolean;
  /** The kind of row that must be selected. */
  readonly on: 'session' | 'host' | 'anything';
  /** True if it works on all marked sessions at once. */
  readonly bulk: boolean;
  /** True if it changes something on a host, which read-only hosts do not allow. */
  readonly changes: boolean;
}

/** Keybindings in the configuration for actions that can be remapped. */
export type FleetKeys = Readonly<Record<'new_session' | 'kill_session' | 'git_clone', string>>;

const row = (
  id: FleetActionId,
  keys: readonly string[],
  on: FleetAction['on'],
  traits: Partial<Pick<FleetAction, 'bulk' | 'changes' | 'footer'>>,
  hint: string,
  description: string,
): FleetAction => ({ id, keys, on, bulk: false, changes: true, footer: false, ...traits, hint, description });

/** All that can be done to hosts and sessions, with the keys that the configuration chose. */
export function fleetActions(keys: FleetKeys): readonly FleetAction[] {
  return [
    row(
      'answer',
      ['y'],
      'session',
      { bulk: true, footer: true },
      'answer',
      'Allow what it asks, this time only; on a question: answer.',
    ),
    row('allowAlways', ['Y'], 'session', {}, 'always', 'Stop asking for this; shows first what that covers.'),
    row('reject', ['N'], 'session', {}, 'reject', 'Say no, with a message if you like; on a question: decline.'),
    row(
      'snooze',
      ['z'],
      'session',
      { bulk: true, changes: false },
      'snooze',
      'Snooze for `attention.snooze`; press again to wake.',
    ),
    row('markSeen', ['.'], 'session', { bulk: true, changes: false }, 'seen', 'Mark the session as seen.'),
    row('newSession', [keys.new_session], 'host', {}, 'new', 'Start a session on this host, in this project.'),
    row('prompt', ['p'], 'session', { bulk: true }, 'prompt', 'Send a message without opening the session.'),
    row('abort', ['x'], 'session', { bulk: true }, 'abort', 'Stop the turn that runs.'),
    row(
      'delete',
      [keys.kill_session],
      'session',
      { bulk: true },
      'delete',
      'Delete with an export, or archive instead; asks.',
    ),
    row(
      'undoDelete',
      ['u'],
      'anything',
      {},
      'undo',
      'Undo the last delete or archive, whole batch; again goes further back.',
    ),
    row('undoFromList', ['U'], 'anything', {}, 'undo list', 'Pick a delete or archive to undo.'),
    row('archive', ['A'], 'session', { bulk: true }, 'archive', 'Hide the session from lists, or bring it back.'),
    row('rename', ['R'], 'session', {}, 'rename', 'Give the session a new title.'),
    row('fork', ['f'], 'session', {}, 'fork', 'Copy the session so far into a new one.'),
    row('share', ['s'], 'session', {}, 'share', 'Publish a link to the session, or withdraw it.'),
    row('edit', ['o'], 'session', { changes: false }, 'editor', 'Open a copy of the transcript in $EDITOR.'),
    row('copy', ['c'], 'session', { changes: false }, 'copy', 'Copy id, folder or attach command; letter or Enter.'),
    row(
      'clone',
      [keys.git_clone],
      'host',
      {},
      'git clone',
      'Clone a git repository on the host, and start a session there if you like.',
    ),
    row('reload', ['ctrl+r'], 'host', {}, 'reload', 'Restart or stop the opencode server; says what it cuts off.'),
    row('prune', ['P'], 'host', {}, 'prune', 'List sessions older than an age, then archive or delete them.'),
  ];
}

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
