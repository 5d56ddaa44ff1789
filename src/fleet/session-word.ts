import type { HostEntry } from '../domain/fleet.ts';
import { lastUseOf, type Session } from '../domain/session.ts';
import { type AttentionInputs, type AttentionItem, isSnoozed, selectHostAttention } from './select-attention.ts';
import { serverReport, sessionStatus, statusContext } from './session-state.ts';
import type { SessionStatus } from './session-status.ts';

/** The words for a session's state on screen and in filters, the most urgent first. */
export const SESSION_WORDS = [
  'permission',
  'question',
  'stalled',
  'error',
  'done',
  'retrying',
  'working',
  'active',
  'idle',
  'snoozed',
  'unknown',
  'interrupted',
  'cold',
  'archived',
] as const;
export type SessionWord = (typeof SESSION_WORDS)[number];

/** A session's state as a word, and since when. */
export interface SessionFacts {
  readonly word: SessionWord;
  /** Epoch milliseconds of this machine's clock; for `snoozed`, when it ends. */
  readonly since: number;
  /** Why it needs the user; `null` if it does not, or is snoozed. */
  readonly item: AttentionItem | null;
}

export const ATTENTION_WORDS = {
  permission: 'permission',
  question: 'question',
  error: 'error',
  ended: 'done',
  stalled: 'stalled',
} as const satisfies Record<AttentionItem['attention']['kind'], SessionWord>;

export const STATUS_WORDS: Readonly<Record<SessionStatus, SessionWord>> = {
  // A subagent's own row: its root has the request.
  waiting: 'permission',
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

/** Returns the state of a session at a time (epoch milliseconds, this machine's clock). */
export function sessionFacts(inputs: AttentionInputs, entry: HostEntry, session: Session, now: number): SessionFacts {
  const item = selectHostAttention(entry, inputs.seen, inputs.settings, now).get(session.id) ?? null;
  if (item !== null) {
    const { kind, since } = item.attention;
    if (!isSnoozed(inputs, item, now)) return { word: ATTENTION_WORDS[kind], since, item };
    return { word: 'snoozed', since: inputs.snoozed.get(item.key) ?? now, item: null };
  }
  const status = sessionStatus(session, statusContext(entry, inputs.settings, now), serverReport(entry, session));
  const told = entry.live.sessions.get(session.id);
  const atWork = status === 'working' || status === 'retry';
  const lastUse = lastUseOf(session) - (entry.snapshot?.clockOffset ?? 0);
  return { word: STATUS_WORDS[status], since: atWork && told !== undefined ? told.since : lastUse, item: null };
}
