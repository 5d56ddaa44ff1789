import { requestsByRoot } from '../domain/attention.ts';
import { selectAttention } from '../fleet/select-attention.ts';
import type { OcrState } from '../store/state.ts';
import type { OcrStore } from '../store/store.ts';
import { inTriageOrder } from '../store/triage.ts';
import { viewShown } from '../store/view-travels.ts';
import type { AttachSigns } from './attach-ports.ts';
import { type AttachedStatus, olderRequestLine, otherRequestLine } from './attach-words.ts';
import { say } from './feedback.ts';
import { dropLateKeys } from './late-keys.ts';

/** A root session that is attached, or being attached. */
export interface AttachedSession {
  readonly alias: string;
  readonly id: string;
  /** Epoch milliseconds of the last moment before opencode painted any of it. */
  readonly openedAt: number;
}

/** Milliseconds for which the request of another session is shown. */
const NOTICE_MS = 8000;

/** Returns what the status line of an attached session says about requests. Walks over all sessions: call it when the fleet has changed. */
export function readStatus(
  state: OcrState,
  shown: AttachedSession,
  now: number,
): Pick<AttachedStatus, 'asks' | 'others'> {
  const { alias, id } = shown;
  const items = selectAttention(state, now);
  const own = items.find(({ entry, session }) => entry.host.alias === alias && session.id === id);
  const asks = hasOlderRequest(state, shown) ? 'older' : own?.attention.request ? 'something' : 'nothing';
  return { asks, others: items.length - (own === undefined ? 0 : 1) };
}

/** True if opencode does not paint the session's request: 1.18 shows only requests that come after its first screen. */
export function hasOlderRequest({ entries }: OcrState, { alias, id, openedAt }: AttachedSession): boolean {
  const entry = entries.get(alias);
  const asked = entry && requestsByRoot(entry.snapshot?.sessions ?? [], entry.live.requests).get(id);
  return asked?.some(({ request }) => request.since < openedAt) ?? false;
}

/** Shows a session's request in the triage view, where the user answers it or opens the session anyway. False if it is not listed there. */
export function showRequest(store: OcrStore, alias: string, id: string, now: number): boolean {
  const items = inTriageOrder(selectAttention(store.getState(), now));
  const index = items.findIndex(({ entry, session }) => entry.host.alias === alias && session.id === id);
  const item = items[index];
  if (item === undefined) return false;
  const selected = { key: item.key, alias, session: { alias, id } };
  store.setState((state) => ({ ...viewShown('triage', '')(state), selected, selectedAt: index }));
  // A second Enter would open it before the user has read the request.
  dropLateKeys(store);
  const key = store.getState().settings.enterAnswers ? 'o' : 'Enter';
  say(store, `Answer here: opencode does not show this request. ${key} opens the session anyway`);
  return true;
}

/**
 * Shows a notice over a session whose request opencode does not paint, and briefly when another session asks something.
 *
 * @param hasStatusLine true while the status line speaks of the session's own requests, so that no notice has to
 * @returns a function that ends the notices
 */
export function watchRequests(
  store: OcrStore,
  shown: () => AttachedSession,
  signs: AttachSigns,
  tell: (notice: ((columns: number) => string) | null) => void,
  hasStatusLine: () => boolean = () => false,
): () => void {
  const asking = () => {
    const items = selectAttention(store.getState(), Date.now());
    return items.filter(({ attention }) => attention.request !== null);
  };
  const known = new Set(asking().map(({ key }) => key));
  let timer: NodeJS.Timeout | undefined;
  const look = () => {
    if (!hasStatusLine() && hasOlderRequest(store.getState(), shown())) {
      clearTimeout(timer);
      timer = undefined;
      return tell((columns) => olderRequestLine(signs.attention, columns));
    }
    const { alias, id } = shown();
    const other = asking().find(
      ({ key, entry, session }) => !known.has(key) && !(entry.host.alias === alias && session.id === id),
    );
    if (other !== undefined) {
      known.add(other.key);
      const named = { title: other.session.title, host: other.entry.host.label, ellipsis: signs.ellipsis };
      clearTimeout(timer);
      timer = setTimeout(() => {
        timer = undefined;
        look();
      }, NOTICE_MS);
      tell((columns) => otherRequestLine(signs.attention, named, columns));
    } else if (timer === undefined) {
      tell(null);
    }
  };
  look();
  const stop = store.subscribe((state, before) => {
    if (state.entries !== before.entries) look();
  });
  return () => {
    clearTimeout(timer);
    stop();
    tell(null);
  };
}
