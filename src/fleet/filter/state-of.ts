import { requestsByRoot } from '../../domain/attention.ts';
import type { HostEntry } from '../../domain/fleet.ts';
import { isAtWork, type LiveHost, type PendingRequest } from '../../domain/live.ts';
import { lastUseOf, type Session } from '../../domain/session.ts';
import { type AttentionInputs, type AttentionItem, attentionItem, isSnoozed } from '../select-attention.ts';
import { type StatusContext, serverReport, sessionStatus, statusContext } from '../session-state.ts';
import { ATTENTION_WORDS, type SessionWord, STATUS_WORDS } from '../session-word.ts';

const NO_REQUESTS: readonly PendingRequest[] = [];

/**
 * Returns the state of a session at a time (epoch milliseconds, this machine's clock): the word of `sessionFacts`, but a subagent that asks has the
 * word of its own request. Looks at this session only, since a search must not look at a whole host at once.
 */
export function stateOf(entry: HostEntry, session: Session, inputs: AttentionInputs, now: number): SessionWord {
  if (session.archived !== null) return 'archived';
  const item = itemOf(entry, session, inputs, now);
  if (item !== null) {
    if (isSnoozed(inputs, item, now)) return 'snoozed';
    return ATTENTION_WORDS[item.attention.kind];
  }
  const status = sessionStatus(session, contextOf(entry, inputs, now), serverReport(entry, session));
  const asked = status === 'waiting' ? pendingRequests(entry, session)[0] : undefined;
  return asked === undefined ? STATUS_WORDS[status] : ATTENTION_WORDS[asked.request.kind];
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
