import { requestsByRoot } from '../domain/attention.ts';
import { selectAttention } from '../store/select-attention.ts';
import type { OcrState } from '../store/state.ts';
import type { OcrStore } from '../store/store.ts';
import type { AttachSigns } from './attach-ports.ts';
import { olderRequestLine, otherRequestLine } from './attach-words.ts';
import { say } from './feedback.ts';
import { dropLateKeys } from './late-keys.ts';

/** A root session that is attached, or is to be. */
export interface AttachedSession {
  readonly alias: string;
  readonly id: string;
  /** Until when opencode had painted nothing of it, epoch milliseconds. */
  readonly openedAt: number;
}

/** Milliseconds for which another session's request is told. */
const TOLD_MS = 8000;

/** True if the session asks something that opencode does not paint: 1.18 shows only what is asked once it has a screen. */
export function hasOlderRequest({ entries }: OcrState, { alias, id, openedAt }: AttachedSession): boolean {
  const entry = entries.get(alias);
  const asked = entry && requestsByRoot(entry.snapshot?.sessions ?? [], entry.live.requests).get(id);
  return asked?.some(({ request }) => request.since < openedAt) ?? false;
}

/** Shows the request of a session in the triage view, where it is answered or the session opened all the same. False if it is not listed there. */
export function showRequest(store: OcrStore, alias: string, id: string, now: number): boolean {
  const items = selectAttention(store.getState(), now);
  const index = items.findIndex(({ entry, session }) => entry.host.alias === alias && session.id === id);
  const item = items[index];
  if (item === undefined) return false;
  store.setState({ triage: { selected: item.key, index, top: 0 } });
  // A second Enter would open it unseen.
  dropLateKeys(store);
  say(store, 'It asks this: answer it here, since opencode does not show it. Enter opens the session anyway');
  return true;
}

/**
 * Says on top of a shown session that it asks something which opencode does not paint, or for a while that another one asks something.
 * @returns what ends that
 */
export function watchRequests(
  store: OcrStore,
  shown: () => AttachedSession,
  signs: AttachSigns,
  tell: (notice: ((columns: number) => string) | null) => void,
): () => void {
  const asking = () => {
    const items = selectAttention(store.getState(), Date.now());
    return items.filter(({ attention }) => attention.request !== null);
  };
  const known = new Set(asking().map(({ key }) => key));
  let timer: NodeJS.Timeout | undefined;
  const look = () => {
    if (hasOlderRequest(store.getState(), shown())) {
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
      }, TOLD_MS);
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
