import { type Attention, attentionOf, requestsByRoot } from '../domain/attention.ts';
import type { HostEntry } from '../domain/fleet.ts';
import type { Session } from '../domain/session.ts';
import { turnEndedAt } from '../domain/turn-end.ts';
import type { FleetState } from './fleet-state.ts';
import { type Seen, seenUntil } from './seen.ts';
import type { FleetSettings } from './settings.ts';

/** A session that needs the user, and why. */
export interface AttentionItem {
  /** Identifies the reason for as long as it lasts. */
  readonly key: string;
  readonly entry: HostEntry;
  readonly session: Session;
  readonly attention: Attention;
}

type HostAttention = ReadonlyMap<string, AttentionItem>;
const NO_ITEMS: readonly AttentionItem[] = [];
const NONE: HostAttention = new Map();
/** Delay after which a newly stalled session may be reported. */
const STALL_REPORT_DELAY_MS = 5000;

const found = new WeakMap<
  HostEntry,
  { seen: Seen; settings: FleetSettings; step: number; items: HostAttention; moving: boolean }
>();

/**
 * Returns the root sessions of a host that need the user, by id, including snoozed ones. Recomputed only after a
 * change.
 */
export function selectHostAttention(entry: HostEntry, seen: Seen, settings: FleetSettings, now: number): HostAttention {
  const { snapshot } = entry;
  if (snapshot === null) return NONE;
  const step = Math.floor(now / STALL_REPORT_DELAY_MS);
  const known = found.get(entry);
  if (known?.seen === seen && known.settings === settings && (!known.moving || known.step === step)) return known.items;
  const items = new Map<string, AttentionItem>();
  const requests = requestsByRoot(snapshot.sessions, entry.live.requests);
  const inputs = { seen, settings };
  for (const session of snapshot.sessions) {
    const item = attentionItem(entry, session, requests, inputs, now);
    if (item !== null) items.set(session.id, item);
  }
  found.set(entry, { seen, settings, step, items, moving: entry.live.sessions.size > 0 });
  return items;
}

/**
 * Returns why a session needs the user, snoozed or not; `null` if it does not, or is a subagent's.
 * @param requests the host's, see `requestsByRoot`
 */
export function attentionItem(
  entry: HostEntry,
  session: Session,
  requests: ReturnType<typeof requestsByRoot>,
  { seen, settings }: Pick<FleetState, 'seen' | 'settings'>,
  now: number,
): AttentionItem | null {
  if (session.parentId !== null && !requests.has(session.id)) return null;
  const { alias } = entry.host;
  const asked = requests.get(session.id)?.map(({ request }) => request) ?? [];
  const end = entry.live.ends.get(session.id);
  const attention = attentionOf(session, asked, entry.live.sessions.get(session.id) ?? null, {
    now,
    clockOffset: entry.snapshot?.clockOffset ?? 0,
    seenUntil: seenUntil(seen, alias, session.id),
    stalledAfter: settings.stalledAfter,
    end,
  });
  if (attention === null) return null;
  return { key: keyOf(alias, session, attention, turnEndedAt(session, end)), entry, session, attention };
}

/** An ended turn is identified by when it ended: renaming its session is not a new reason. */
function keyOf(alias: string, { id }: Session, { kind, request, since }: Attention, endedAt: number): string {
  if (request !== null) return `${alias}\0${request.id}`;
  return `${alias}\0${id}\0${kind} ${kind === 'stalled' ? since : endedAt}`;
}

/** The state that decides which sessions need the user. */
export type AttentionInputs = Pick<FleetState, 'entries' | 'seen' | 'settings' | 'snoozed'>;

/** Returns all sessions of the fleet that need the user, longest wait first, without snoozed ones. */
export function selectAttention(state: AttentionInputs, now: number): readonly AttentionItem[] {
  const items: AttentionItem[] = [];
  for (const entry of state.entries.values()) {
    items.push(...selectEntryAttention(state, entry, now));
  }
  return items.sort((a, b) => a.attention.since - b.attention.since);
}

/** Returns the sessions of a host that need the user, unordered, without snoozed ones. */
export function selectEntryAttention(state: AttentionInputs, entry: HostEntry, now: number): readonly AttentionItem[] {
  const items = selectHostAttention(entry, state.seen, state.settings, now);
  return items.size === 0 ? NO_ITEMS : [...items.values()].filter((item) => !isSnoozed(state, item, now));
}

/** Returns why a session needs the user now; `null` if it does not, or is snoozed. */
export function attentionAt(state: AttentionInputs, entry: HostEntry, id: string, now: number): AttentionItem | null {
  const item = selectHostAttention(entry, state.seen, state.settings, now).get(id);
  return item === undefined || isSnoozed(state, item, now) ? null : item;
}

export function isSnoozed({ snoozed }: Pick<FleetState, 'snoozed'>, { key }: AttentionItem, now: number): boolean {
  return (snoozed.get(key) ?? 0) > now;
}
