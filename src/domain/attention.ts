import { isAtWork, type LiveHost, type LiveSession, type PendingRequest, type TurnEnd } from './live.ts';
import type { Session } from './session.ts';
import { parentsOf, rootOf } from './session-levels.ts';
import { turnEndedAt } from './turn-end.ts';
import { describeRequest, type UserRequest } from './user-request.ts';

export const ATTENTION_KINDS = ['permission', 'question', 'error', 'ended', 'stalled'] as const;
export type AttentionKind = (typeof ATTENTION_KINDS)[number];

/** Why a session needs the user. */
export interface Attention {
  readonly kind: AttentionKind;
  /** Epoch milliseconds of this machine's clock. */
  readonly since: number;
  /** The pending request, if there is one. */
  readonly request: UserRequest | null;
  /** Number of further pending requests. */
  readonly more: number;
  /** One line: the request or the error. Foreign text as it came; may be empty. */
  readonly detail: string;
}

/** Input for deciding attention. Times are epoch milliseconds. */
export interface AttentionContext {
  /** This machine's clock. */
  readonly now: number;
  /** The host's clock minus this machine's. */
  readonly clockOffset: number;
  /** When the user last saw the session, on the host's clock: later changes are news. */
  readonly seenUntil: number;
  /** Milliseconds without a word after which work is stalled. */
  readonly stalledAfter: number;
  /** When its last turn ended, if known. */
  readonly end?: TurnEnd | undefined;
}

/**
 * Returns why a root session needs the user, `null` if it does not. Of several reasons, returns the one that blocks the
 * work most.
 */
export function attentionOf(
  session: Session,
  requests: readonly UserRequest[],
  told: LiveSession | null,
  context: AttentionContext,
): Attention | null {
  if (session.archived !== null) return null;
  const [first] = requests;
  if (first !== undefined) {
    return {
      kind: first.kind,
      since: first.since,
      request: first,
      more: requests.length - 1,
      detail: describeRequest(first),
    };
  }
  const nothing = { request: null, more: 0 };
  const atWork = isAtWork(told?.status);
  if (told?.status.kind === 'busy' && context.now - told.heardAt > context.stalledAfter) {
    return { ...nothing, kind: 'stalled', since: told.heardAt, detail: '' };
  }
  const endedAt = turnEndedAt(session, context.end);
  if (atWork || endedAt <= context.seenUntil) return null;
  const since = endedAt - context.clockOffset;
  if (session.turn === 'failed') return { ...nothing, kind: 'error', since, detail: session.error ?? '' };
  const answered = session.messages === null || session.messages > 0;
  return session.turn === 'ended' && answered ? { ...nothing, kind: 'ended', since, detail: '' } : null;
}

const byRoot = new WeakMap<LiveHost['requests'], { sessions: readonly Session[]; found: RequestsByRoot }>();
type RequestsByRoot = ReadonlyMap<string, readonly PendingRequest[]>;
const NONE: RequestsByRoot = new Map();

/** Returns the pending requests by the root session that the asking one works for, oldest first. */
export function requestsByRoot(sessions: readonly Session[], requests: LiveHost['requests']): RequestsByRoot {
  if (requests.size === 0) return NONE;
  const known = byRoot.get(requests);
  if (known?.sessions === sessions) return known.found;
  const parents = parentsOf(sessions);
  const found = new Map<string, PendingRequest[]>();
  for (const pending of [...requests.values()].sort((a, b) => a.request.since - b.request.since)) {
    const root = rootOf(pending.request.sessionId, parents);
    const ofRoot = found.get(root);
    if (ofRoot === undefined) found.set(root, [pending]);
    else ofRoot.push(pending);
  }
  byRoot.set(requests, { sessions, found });
  return found;
}
