import { type HostEntry, whyNotReady } from '../../domain/fleet.ts';
import type { Session } from '../../domain/session.ts';
import type { OcrState } from '../../store/state.ts';

export type FleetActionId =
  | 'answer'
  | 'allowAlways'
  | 'reject'
  | 'snooze'
  | 'lookedAt'
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

export interface TargetSession {
  readonly entry: HostEntry;
  readonly session: Session;
}

/** What an action is to work on: what is marked, else what is selected. */
export interface ActionTarget {
  /** The selected row's host; `null` on a group. */
  readonly entry: HostEntry | null;
  /** Worktree of the selected row's project; `null` on a host. */
  readonly project: string | null;
  /** The marked sessions, of any host; else the selected one, if it is one. */
  readonly sessions: readonly TargetSession[];
  readonly marked: boolean;
}

/** An action as data; what it does is in `run-action.ts`. */
export interface FleetAction {
  readonly id: FleetActionId;
  readonly keys: readonly string[];
  readonly hint: string;
  readonly description: string;
  readonly footer: boolean;
  /** What has to be selected. */
  readonly on: 'session' | 'host' | 'anything';
  /** It works on all marked sessions at once. */
  readonly bulk: boolean;
  /** It changes something on a host, which read-only hosts do not allow. */
  readonly changes: boolean;
}

/** Names of keybindings in the configuration for the actions that can be bound anew. */
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
      'Approve what the session asks for, once; on a question: answer it.',
    ),
    row(
      'allowAlways',
      ['Y'],
      'session',
      {},
      'always',
      'Approve what the session asks for from now on; says first what that allows.',
    ),
    row('reject', ['N'], 'session', {}, 'reject', 'Reject what the session asks, with a message if you like.'),
    row(
      'snooze',
      ['z'],
      'session',
      { bulk: true, changes: false },
      'snooze',
      'Have the session be quiet for an hour (attention.snooze).',
    ),
    row(
      'lookedAt',
      ['.'],
      'session',
      { bulk: true, changes: false },
      'seen',
      'Take the session for looked at: what has ended or failed is no news any more.',
    ),
    row('newSession', [keys.new_session], 'host', {}, 'new', 'New session on the host or in the project.'),
    row('prompt', ['p'], 'session', { bulk: true }, 'prompt', 'Send a prompt to the session without attaching.'),
    row('abort', ['x'], 'session', { bulk: true }, 'abort', 'Stop what the session is working on.'),
    row(
      'delete',
      [keys.kill_session],
      'session',
      { bulk: true },
      'delete',
      'Delete the session, with an export that it can be brought back from, or archive it.',
    ),
    row(
      'undoDelete',
      ['u'],
      'anything',
      {},
      'undo',
      'Undo the last delete or archive, on every host that it was about; again goes further back.',
    ),
    row(
      'undoFromList',
      ['U'],
      'anything',
      {},
      'undo list',
      'List what was deleted and archived, and undo what you pick.',
    ),
    row('archive', ['A'], 'session', { bulk: true }, 'archive', 'Archive the session, or take it out of the archive.'),
    row('rename', ['R'], 'session', {}, 'rename', 'Give the session another title.'),
    row('fork', ['f'], 'session', {}, 'fork', 'Fork the session: a new one with what was said so far.'),
    row('share', ['s'], 'session', {}, 'share', 'Make a public link to the session, or take it back. Asks first.'),
    row('edit', ['o'], 'session', { changes: false }, 'editor', 'Open the transcript of the session in $EDITOR.'),
    row(
      'copy',
      ['c'],
      'session',
      { changes: false },
      'copy',
      'Copy the id, the directory or the attach command of the session.',
    ),
    row(
      'clone',
      [keys.git_clone],
      'host',
      {},
      'git clone',
      'Clone a git repository on the host, with a new session there if you like.',
    ),
    row(
      'reload',
      ['ctrl+r'],
      'host',
      {},
      'reload',
      'Stop the opencode server of the host, or of the selected project, and start it again.',
    ),
    row(
      'prune',
      ['P'],
      'host',
      {},
      'prune',
      'Archive or delete the sessions of the host that are older than an age, after a list of them.',
    ),
  ];
}

/** Is this host not to be changed? */
export function isReadonly({ settings }: Pick<OcrState, 'settings'>, alias: string): boolean {
  return typeof settings.readonly === 'boolean' ? settings.readonly : settings.readonly.has(alias);
}

/** Why an action can do nothing now; `null` when it can. */
export function whyNot(action: FleetAction, target: ActionTarget, state: OcrState): string | null {
  const { entry, sessions } = target;
  if (action.on === 'session') {
    if (target.marked && !action.bulk) return `works on one session at a time: ${sessions.length} are marked`;
    if (sessions.length === 0) return 'no session is selected';
  } else if (action.on === 'host' && entry === null) {
    return 'there is no host here';
  }
  const entries = action.on === 'session' ? sessions.map((session) => session.entry) : entry === null ? [] : [entry];
  if (action.changes) {
    const kept = entries.find(({ host }) => isReadonly(state, host.alias));
    if (kept !== undefined) return `${kept.host.label} is read-only (--readonly, or readonly: true)`;
    // What may be about any host says itself which of them is away.
    if (action.on === 'anything') return null;
    const away = entries.map(whyNotReady).find((why) => why !== null);
    if (away !== undefined) return away;
  }
  return null;
}
