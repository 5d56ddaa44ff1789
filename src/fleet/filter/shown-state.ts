import { requestsByRoot } from '../../domain/attention.ts';
import type { HostEntry } from '../../domain/fleet.ts';
import { isAtWork, type LiveHost, type PendingRequest } from '../../domain/live.ts';
import { lastUseOf, type Session } from '../../domain/session.ts';
import { type AttentionInputs, type AttentionItem, attentionItem, isSnoozed } from '../select-attention.ts';
import {
  type SessionStatus,
  type StatusContext,
  serverReport,
  sessionStatus,
  statusContext,
} from '../session-state.ts';
import type { ShownState } from './state-words.ts';

const NO_REQUESTS: readonly PendingRequest[] = [];

const SHOWN_STATUS: Readonly<Record<Exclude<SessionStatus, 'waiting'>, ShownState>> = {
  working: 'working',
  retry: 'retrying',
  errored: 'error',
  active: 'active',
  idle: 'idle',
  cold: 'cold',
  archived: 'archived',
  interrupted: 'interrupted',
  unknown: 'unknown',
};

/** Returns the state that a session's row shows at a time (epoch milliseconds, this machine's clock). */
export function shownState(entry: HostEntry, session: Session, inputs: AttentionInputs, now: number): ShownState {
  if (session.archived !== null) return 'archived';
  const item = itemOf(entry, session, inputs, now);
  if (item !== null) {
    if (isSnoozed(inputs, item, now)) return 'snoozed';
    return item.attention.kind === 'ended' ? 'done' : item.attention.kind;
  }
  const status = sessionStatus(session, contextOf(entry, inputs, now), serverReport(entry, session));
  if (status !== 'waiting') return SHOWN_STATUS[status];
  return pendingRequests(entry, session)[0]?.request.kind ?? 'permission';
}

/** Returns for how many milliseconds a session has been in its state: since it needs the user, asks, works, or was last used. */
export function ageOfState(entry: HostEntry, session: Session, inputs: AttentionInputs, now: number): number {
  const item = itemOf(entry, session, inputs, now);
  if (item !== null) return now - item.attention.since;
  const [asked] = pendingRequests(entry, session);
  if (asked !== undefined) return now - asked.request.since;
  const told = entry.live.sessions.get(session.id);
  if (told !== undefined && isAtWork(told.status)) return now - told.since;
  return now + (entry.snapshot?.clockOffset ?? 0) - lastUseOf(session);
}

/** True if the session needs the user and was put off. */
export function isPutOff(entry: HostEntry, session: Session, inputs: AttentionInputs, now: number): boolean {
  const item = itemOf(entry, session, inputs, now);
  return item !== null && isSnoozed(inputs, item, now);
}

/** Returns the pending requests of a session, with those of its subagents if it is a root. */
export function pendingRequests({ snapshot, live }: HostEntry, { id }: Session): readonly PendingRequest[] {
  if (live.requests.size === 0) return NO_REQUESTS;
  const ofRoot = requestsByRoot(snapshot?.sessions ?? [], live.requests).get(id);
  return ofRoot ?? requestsBySession(live.requests).get(id) ?? NO_REQUESTS;
}

const bySession = new WeakMap<LiveHost['requests'], ReadonlyMap<string, readonly PendingRequest[]>>();

/** Returns the requests by the session that asks, root or not. Made once: a filter looks at every session of a host. */
function requestsBySession(requests: LiveHost['requests']): ReadonlyMap<string, readonly PendingRequest[]> {
  const known = bySession.get(requests) ?? Map.groupBy(requests.values(), ({ request }) => request.sessionId);
  bySession.set(requests, known);
  return known;
}

function itemOf(entry: HostEntry, session: Session, inputs: AttentionInputs, now: number): AttentionItem | null {
  const requests = requestsByRoot(entry.snapshot?.sessions ?? [], entry.live.requests);
  return attentionItem(entry, session, requests, inputs, now);
}

/** The last host's: a filter asks for one session after the other. */
const contexts = new WeakMap<
  HostEntry,
  { context: StatusContext; settings: AttentionInputs['settings']; now: number }
>();

function contextOf(entry: HostEntry, { settings }: AttentionInputs, now: number): StatusContext {
  const known = contexts.get(entry);
  if (known?.settings === settings && known.now === now) return known.context;
  const context = statusContext(entry, settings, now);
  contexts.set(entry, { context, settings, now });
  return context;
}
