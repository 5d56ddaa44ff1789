import type { HostEntry } from '../domain/fleet.ts';
import type { LiveHost } from '../domain/live.ts';
import { answeredKey, isAnswered } from '../fleet/answered-requests.ts';
import { type AttentionItem, selectAttention } from '../fleet/select-attention.ts';
import type { Row } from '../store/rows.ts';
import { selectionOf } from '../store/selection.ts';
import type { OcrState } from '../store/state.ts';
import type { OcrStore } from '../store/store.ts';
import { createTriageRows } from '../store/views/triage-rows.ts';
import { say } from './feedback.ts';
import { dropLateKeys } from './late-keys.ts';

/** An ended turn is listed, but does not notify the user. */
const SILENT_KIND = 'ended';
/** Reasons remembered, so that each notifies only once. */
const MAX_REMEMBERED = 5000;

/**
 * Calls `notify` with the sessions that start to need the user, once for each request and each other reason since the
 * start. Shows a toast when a request was answered elsewhere. Returns a function that stops it.
 */
export function watchAttention(
  store: OcrStore,
  notify: (items: readonly AttentionItem[]) => void,
  clock: () => number,
): () => void {
  const started = clock();
  const told = new Set<string>();
  const rowsOf = createTriageRows();
  return store.subscribe((state, before) => {
    if (state.view === 'triage' && !isSameList(state, before))
      holdTriage(store, rowsOf(state, clock()), state, state.entries !== before.entries);
    if (state.entries === before.entries) return;
    const items = selectAttention(state, clock()).filter(
      ({ key, attention: { kind, request, since } }) =>
        !told.has(key) && kind !== SILENT_KIND && (request !== null || since >= started),
    );
    for (const { key } of items) told.add(key);
    for (const key of [...told].slice(0, Math.max(0, told.size - MAX_REMEMBERED))) told.delete(key);
    if (items.length > 0) notify(items);
    const elsewhere = answeredElsewhere(state, before, clock());
    if (elsewhere !== null) say(store, elsewhere);
  });
}

function isSameList(state: OcrState, before: OcrState): boolean {
  const same = state.entries === before.entries && state.seen === before.seen && state.snoozed === before.snoozed;
  return same && state.view === before.view && state.finds === before.finds && state.selected === before.selected;
}

/**
 * Keeps a row of the triage view selected. When the selected one goes, another takes its place under the cursor: drops
 * keys pressed before the user can see that, unless the user's own key removed it.
 */
function holdTriage(store: OcrStore, rows: readonly Row[], state: OcrState, byItself: boolean): void {
  if (rows.some(({ key }) => key === state.selected?.key)) return;
  const next = rows[Math.min(state.selectedAt, rows.length - 1)];
  if (next === undefined && state.selected === null) return;
  // Keys typed in a dialog on top are not meant for the list.
  if (state.selected !== null && byItself && state.modal === null) dropLateKeys(store);
  store.setState({ selected: next === undefined ? null : selectionOf(next), requestTop: 0 });
}

const WORDS: Readonly<Record<string, string>> = {
  once: 'allowed once',
  always: 'always allowed',
  rejected: 'rejected',
  answered: 'answered',
};

/** Returns the text about a request that is no longer pending and was not answered here. */
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
