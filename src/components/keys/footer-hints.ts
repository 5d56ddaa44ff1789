import { selectHostAttention } from '../../fleet/select-attention.ts';
import { sessionKey } from '../../store/keys.ts';
import { sessionOfRow } from '../../store/rows.ts';
import { type Binding, type BindingContext, labelOf, type Mode } from './binding.ts';
import { isHere } from './dispatch.ts';

export interface Hint {
  readonly key: string;
  readonly hint: string;
}

/** The hints of a footer: those of the row, the primary one first; those of the view; those that stay in any width. */
export interface FooterHints {
  readonly row: readonly Hint[];
  readonly view: readonly Hint[];
  readonly last: readonly Hint[];
}

/** What a row is, for the keys that its footer names. */
type Mood = 'asks' | 'ended' | 'works' | 'rests' | 'host' | 'project' | 'away' | 'other';

/** Names of bindings in the order of the footer, the most useful first. */
const ROW_KEYS: Readonly<Record<Mood, readonly string[]>> = {
  asks: ['attach', 'allow', 'allow_always', 'reject', 'snooze', 'prompt', 'kill_session'],
  ended: ['attach', 'prompt', 'mark_seen', 'snooze', 'error_detail', 'kill_session'],
  works: ['attach', 'prompt', 'stop'],
  rests: ['attach', 'prompt', 'new_session', 'rename', 'archive', 'kill_session'],
  host: ['attach', 'new_session', 'git_clone', 'clean_up', 'restart_server'],
  project: ['attach', 'new_session', 'clean_up'],
  away: ['authenticate', 'error_detail', 'refresh'],
  other: ['attach'],
};
/** While sessions are marked, the row's keys are those that act on all of them. */
/** Keys for marked sessions that ask. */
const MARKED_ASKING_KEYS = ['allow', 'reject'];
const MARKED_KEYS = ['archive', 'kill_session', 'prompt', 'mark_seen', 'mark', 'mark_range'];

const VIEW_KEYS: Readonly<Partial<Record<Mode, readonly string[]>>> = {
  list: [
    'pulse_longer',
    'pulse_shorter',
    'pulse_measure',
    'show_in_tree',
    'cycle_view',
    'view_triage',
    'search',
    'command',
  ],
  panel: ['half_page_down', 'unfold_tools'],
};
const OTHER_KEYS: Readonly<Partial<Record<Mode, readonly string[]>>> = {
  panel: ['panel_open', 'prompt', 'allow', 'allow_always', 'reject'],
  filter: ['input_accept', 'input_complete'],
  command: ['input_accept', 'input_complete'],
  help: ['help_run', 'help_down', 'help_bind'],
  auth: ['auth_send', 'auth_erase_all', 'auth_terminal'],
  trust: ['key_add', 'auth_terminal'],
};
const LAST_KEYS: Readonly<Record<Mode, readonly string[]>> = {
  list: ['help', 'close', 'quit', 'leave'],
  panel: ['help', 'panel_back'],
  filter: ['input_cancel'],
  command: ['input_cancel'],
  error: ['error_close'],
  help: ['help_close'],
  auth: ['auth_cancel'],
  trust: ['key_reject'],
  form: [],
  dialog: [],
};

/** Returns the hints that apply now. */
export function footerHints(bindings: readonly Binding[], mode: Mode, context: BindingContext): FooterHints {
  const pick = (names: readonly string[]) => names.flatMap((name) => hintsOf(bindings, name, mode, context));
  const row =
    mode !== 'list'
      ? (OTHER_KEYS[mode] ?? [])
      : context.state.marked.size > 0
        ? markedKeys(context)
        : ROW_KEYS[moodOf(context)];
  // One way out is enough: the nearest.
  const last = pick(LAST_KEYS[mode]);
  const ways = mode === 'list' ? [...last.slice(0, 1), ...last.slice(1, 2)] : last;
  return { row: pick(row), view: pick(VIEW_KEYS[mode] ?? []), last: ways };
}

function markedKeys({ state: { marked }, items }: BindingContext): readonly string[] {
  const asks = items.some(
    ({ entry, session, attention }) =>
      attention.request?.kind === 'permission' && marked.has(sessionKey(entry.host.alias, session.id)),
  );
  return asks ? [...MARKED_ASKING_KEYS, ...MARKED_KEYS] : MARKED_KEYS;
}

function hintsOf(bindings: readonly Binding[], name: string, mode: Mode, context: BindingContext): Hint[] {
  // A view needs no key that leads to it.
  if (name === `view_${context.state.view}`) return [];
  const binding = bindings.find((one) => one.name === name && isHere(one, mode, context));
  const key = binding?.keys[0];
  if (binding === undefined || key === undefined || (binding.disabled?.(context) ?? null) !== null) return [];
  if (name === 'help_down') return [{ key: '↑↓', hint: 'choose' }];
  return [{ key: key.replaceAll(' ', ''), hint: shortLabel(labelOf(binding, context)) }];
}

/** Returns a label as the footer has it: in lower case, without the sign that it asks first. */
function shortLabel(label: string): string {
  const text = label.replace(/…/, '');
  return text.charAt(0).toLowerCase() + text.slice(1);
}

function moodOf({ state, row }: BindingContext): Mood {
  if (row === undefined) return 'other';
  const of = sessionOfRow(row);
  if (of !== null) {
    const item = selectHostAttention(of.entry, state.seen, state.settings, Date.now()).get(of.session.id);
    if (item?.attention.request) return 'asks';
    if (item !== undefined) return 'ended';
    const status = of.entry.live.sessions.get(of.session.id)?.status.kind;
    return status === 'busy' || status === 'retry' ? 'works' : 'rests';
  }
  if (row.kind === 'host') return row.entry.failure === null ? 'host' : 'away';
  return row.kind === 'project' ? 'project' : 'other';
}
