import {
  type ActionTarget,
  disabledReason,
  FLEET_ACTIONS,
  type FleetAction,
  type FleetActionId,
  type TargetSession,
} from '../../actions/fleet/fleet-actions.ts';
import { notReadyReason } from '../../domain/fleet.ts';
import type { Host } from '../../domain/host.ts';
import type { UserRequest } from '../../domain/user-request.ts';
import { isReadOnly } from '../../fleet/read-only.ts';
import { selectHostAttention } from '../../fleet/select-attention.ts';
import type { OcrState } from '../../store/state.ts';
import { actionTarget } from './action-target.ts';
import type { Binding, BindingContext, HelpGroup } from './binding.ts';

const ANSWERS: ReadonlySet<FleetActionId> = new Set(['answer', 'allowAlways', 'reject']);

/** Keys of the actions on hosts and sessions. */
export const fleetBindings: readonly Binding[] = FLEET_ACTIONS.map((action) => ({
  name: action.name,
  action: 'fleet',
  fleet: action.id,
  keys: action.keys,
  modes: action.on === 'session' ? ['list', 'panel'] : ['list'],
  group: groupOf(action),
  hint: (context) => hintOf(action, context),
  description: action.description,
  disabled: (context) => disabledHereReason(action, context),
}));

function groupOf({ on }: FleetAction): HelpGroup {
  return on === 'host' ? 'host' : 'row';
}

/** On a question the keys answer and decline; marked sessions are counted. */
function hintOf(action: FleetAction, { state, row }: BindingContext): string {
  const target = actionTarget(state, row);
  if (action.id === 'answer' && askedOf(target, state)[0]?.kind === 'question') return 'Answer…';
  if (action.id === 'reject' && askedOf(target, state)[0]?.kind === 'question') return 'Decline…';
  if (
    action.id === 'archive' &&
    target.sessions.every(({ session }) => session.archived !== null) &&
    target.sessions.length > 0
  )
    return 'Unarchive';
  return target.marked && action.bulk ? `${action.hint} ${target.sessions.length}` : action.hint;
}

function disabledHereReason(action: FleetAction, { state, row }: BindingContext): string | null {
  const target = actionTarget(state, row);
  const why = disabledReason(action, target, state);
  if (why !== null || !ANSWERS.has(action.id)) return why;
  const [first] = askedOf(target, state);
  if (first === undefined) return 'Nothing is asked here';
  return action.id === 'allowAlways' && first.kind === 'question' ? 'That is a question: answer it' : null;
}

/** Returns the first pending request of a session; `null` if it asks nothing. */
export function requestOf({ seen, settings }: OcrState, { entry, session }: TargetSession): UserRequest | null {
  return selectHostAttention(entry, seen, settings, Date.now()).get(session.id)?.attention.request ?? null;
}

/** Returns the first pending request of each of a target's sessions. */
export function askedOf({ sessions }: ActionTarget, state: OcrState): UserRequest[] {
  return sessions.flatMap((of) => requestOf(state, of) ?? []);
}

/** Returns why the user cannot attach to a session: attaching can change it, and needs a shell. `null` if they can. */
export function attachDisabledReason(state: OcrState, { alias, label }: Host): string | null {
  if (isReadOnly(state.settings, alias)) return `${label} is read-only (--readonly, or readonly: true)`;
  const entry = state.entries.get(alias);
  return entry?.failure?.status === 'no-shell' ? notReadyReason(entry) : null;
}
