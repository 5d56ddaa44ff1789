import type { HostEntry } from '../domain/fleet.ts';
import type { LiveHost } from '../domain/live.ts';
import { answeredKey, isAnswered } from '../fleet/answered-requests.ts';
import { type AttentionItem, selectAttention } from '../fleet/select-attention.ts';
import type { OcrState } from '../store/state.ts';
import type { OcrStore } from '../store/store.ts';
import { triageIndex } from '../store/triage.ts';
import { say } from './feedback.ts';
import { dropLateKeys } from './late-keys.ts';

/** A turn that ended is shown, but nobody is called for it. */
const QUIET = 'ended';
/** Reasons that are remembered, so that nobody is called twice for one. */
const MOST_TOLD = 5000;

/**
 * Calls `notify` with the sessions that begin to need a person, once for each request and each other reason that came up since the start, and tells in
 * a toast when somebody else has answered. Returns what ends it.
 */
export function watchAttention(
  store: OcrStore,
  notify: (items: readonly AttentionItem[]) => void,
  clock: () => number,
): () => void {
  const started = clock();
  const told = new Set<string>();
  return store.subscribe((state, before) => {
    if (!sameReasons(state, before)) holdTriage(store, state, state.entries !== before.entries, clock());
    if (state.entries === before.entries) return;
    const items = selectAttention(state, clock()).filter(
      ({ key, attention: { kind, request, since } }) =>
        !told.has(key) && kind !== QUIET && (request !== null || since >= started),
    );
    for (const { key } of items) told.add(key);
    for (const key of [...told].slice(0, Math.max(0, told.size - MOST_TOLD))) told.delete(key);
    if (items.length > 0) notify(items);
    const elsewhere = answeredElsewhere(state, before, clock());
    if (elsewhere !== null) say(store, elsewhere);
  });
}

function sameReasons(state: OcrState, before: OcrState): boolean {
  return state.entries === before.entries && state.seen === before.seen && state.snoozed === before.snoozed;
}

/**
 * When what is selected in the triage view goes, another one stands under the cursor: keys pressed before a person sees that are not for it, unless
 * it went by a key of theirs.
 */
function holdTriage(store: OcrStore, state: OcrState, byItself: boolean, now: number): void {
  const { triage } = state;
  if (triage === null) return;
  const items = selectAttention(state, now);
  const at = triageIndex(items, triage);
  const key = items[at]?.key ?? null;
  if (triage.selected === key) return;
  // What is typed in a dialog on top is not for the list.
  if (triage.selected !== null && byItself && state.modal === null) dropLateKeys(store);
  store.setState({ triage: { ...triage, selected: key, index: Math.max(0, at), top: 0 } });
}

const WORDS: Readonly<Record<string, string>> = {
  once: 'approved once',
  always: 'approved for good',
  rejected: 'rejected',
  answered: 'answered',
};

/** What to tell of a request that is not pending any more, and that was not answered here. */
function answeredElsewhere(state: OcrState, before: OcrState, now: number): string | null {
  for (const [alias, entry] of state.entries) {
    const was = before.entries.get(alias);
    if (was === undefined || was.live.requests === entry.live.requests) continue;
    const isOwn = (server: string, id: string) => isAnswered(state.answered, answeredKey(alias, server, id), now);
    const found = settledSince(entry, was.live, isOwn);
    if (found !== null) return found;
  }
  return null;
}

function settledSince(
  { host, live }: HostEntry,
  before: LiveHost,
  isOwn: (server: string, id: string) => boolean,
): string | null {
  for (const [id, { request, server }] of before.requests) {
    const how = live.requests.has(id) || isOwn(server, id) ? undefined : live.settled.get(id);
    if (how !== undefined) return `${host.label}: a ${request.kind} was ${WORDS[how]} elsewhere`;
  }
  return null;
}
