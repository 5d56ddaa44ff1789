import {
  type ActionTarget,
  disabledReason,
  type FleetAction,
  type FleetActionId,
  type FleetKeys,
  fleetActions,
} from '../../actions/fleet/fleet-actions.ts';
import { notReadyReason } from '../../domain/fleet.ts';
import type { Host } from '../../domain/host.ts';
import type { UserRequest } from '../../domain/user-request.ts';
import { isReadOnly } from '../../fleet/read-only.ts';
import { selectHostAttention } from '../../fleet/select-attention.ts';
import type { OcrState } from '../../store/state.ts';
import { actionTarget } from './action-target.ts';
import type { Binding, BindingContext, Mode } from './binding.ts';

const lists: readonly Mode[] = ['tree', 'triage'];
const everywhere: readonly Mode[] = [...lists, 'panel'];
const tree: readonly Mode[] = ['tree'];
const triage: readonly Mode[] = ['triage'];

/** Keys of the actions on hosts and sessions. */
export function fleetBindings(keys: FleetKeys): readonly Binding[] {
  return fleetActions(keys).map((action) => ({
    action: 'fleet',
    fleet: action.id,
    keys: action.keys,
    modes: action.on === 'session' ? everywhere : lists,
    hint: action.id === 'answer' ? answerHint : action.hint,
    description: action.description,
    footer: action.footer || (IN_TRIAGE.has(action.id) && triage),
    disabled: (context) => disabledHereReason(action, context),
  }));
}

/** Actions that the footer of the triage view names. */
const IN_TRIAGE: ReadonlySet<FleetActionId> = new Set(['allowAlways', 'reject', 'snooze', 'markSeen']);
const ANSWERS: ReadonlySet<FleetActionId> = new Set(['answer', 'allowAlways', 'reject']);

function disabledHereReason(action: FleetAction, { state, row, items }: BindingContext): string | null {
  const target = actionTarget(state, row, items);
  const why = disabledReason(action, target, state);
  if (why !== null || !ANSWERS.has(action.id)) return why;
  const [first] = askedOf(target, state);
  if (first === undefined) return 'Nothing is asked here';
  return action.id === 'allowAlways' && first.kind === 'question' ? 'That is a question: answer it' : null;
}

/** Returns the first pending request of a target's sessions. */
function askedOf({ sessions }: ActionTarget, { seen, settings }: OcrState): UserRequest[] {
  return sessions.flatMap(({ entry, session }) => {
    const request = selectHostAttention(entry, seen, settings, Date.now()).get(session.id)?.attention.request;
    return request ? [request] : [];
  });
}

function answerHint({ state, row, items }: BindingContext): string {
  const [first] = askedOf(actionTarget(state, row, items), state);
  return first?.kind === 'question' ? 'answer' : 'approve';
}

/** Returns why the user cannot attach to a session: attaching can change it, and needs a shell. `null` if they can. */
export function attachDisabledReason(state: OcrState, { alias, label }: Host): string | null {
  if (isReadOnly(state.settings, alias)) return `${label} is read-only (--readonly, or readonly: true)`;
  const entry = state.entries.get(alias);
  return entry?.failure?.status === 'no-shell' ? notReadyReason(entry) : null;
}

const noAttention = ({ items }: BindingContext) => (items.length === 0 ? 'Nothing needs you' : null);
const noSession = ({ row }: BindingContext) => (row?.kind === 'session' ? null : 'Select a session first');
const SCROLL = 'In triage: scroll the request.';

/** Keys for sessions that need the user, and for marks. */
export const attentionBindings: readonly Binding[] = [
  {
    action: 'triage',
    keys: ['t'],
    modes: tree,
    hint: 'triage',
    description: 'List every session that needs you, with what it asks.',
    footer: true,
  },
  {
    action: 'nextAttention',
    keys: [']'],
    modes: tree,
    hint: 'next',
    description: 'Go to the next session that needs you, longest wait first.',
    footer: false,
    disabled: noAttention,
  },
  {
    action: 'previousAttention',
    keys: ['['],
    modes: tree,
    hint: 'previous',
    description: 'Go to the previous session that needs you.',
    footer: false,
    disabled: noAttention,
  },
  {
    action: 'markRange',
    keys: ['V'],
    modes: tree,
    hint: 'mark range',
    description: 'Mark from the last mark to here.',
    footer: false,
    disabled: noSession,
  },
  {
    action: 'triageAttach',
    keys: ['enter'],
    modes: triage,
    hint: 'attach',
    description: 'In triage: open the session.',
    footer: true,
    disabled: ({ state, row, items }) => {
      const { entry } = actionTarget(state, row, items);
      return entry === null ? 'Nothing needs you' : attachDisabledReason(state, entry.host);
    },
  },
  {
    action: 'triageUp',
    keys: ['up', 'k', '['],
    modes: triage,
    hint: 'up',
    description: 'In triage: move the cursor up.',
    footer: false,
  },
  {
    action: 'triageDown',
    keys: ['down', 'j', ']'],
    modes: triage,
    hint: 'down',
    description: 'In triage: move the cursor down.',
    footer: false,
  },
  {
    action: 'triagePageUp',
    keys: ['pgup', 'ctrl+b'],
    modes: triage,
    hint: 'page up',
    description: SCROLL,
    footer: false,
  },
  {
    action: 'triagePageDown',
    keys: ['pgdn', 'ctrl+f', 'space'],
    modes: triage,
    hint: 'page down',
    description: SCROLL,
    footer: false,
  },
  {
    action: 'triageTop',
    keys: ['home'],
    modes: triage,
    hint: 'first',
    description: 'In triage: go to the longest wait.',
    footer: false,
  },
  {
    action: 'triageBottom',
    keys: ['end', 'G'],
    modes: triage,
    hint: 'last',
    description: 'In triage: go to the last one.',
    footer: false,
  },
  {
    action: 'triageShow',
    keys: ['l', 'right'],
    modes: triage,
    hint: 'in the tree',
    description: 'In triage: show in tree.',
    footer: true,
    disabled: noAttention,
  },
  {
    action: 'leaveTriage',
    keys: ['esc', 't', 'q', 'h', 'left'],
    modes: triage,
    hint: 'tree',
    description: 'In triage: back to the tree.',
    footer: true,
  },
];
