import { isAtWork } from '../../domain/live.ts';
import { turnEndedAt } from '../../domain/turn-end.ts';
import { withSeen } from '../../fleet/seen.ts';
import { shownTab } from '../../store/detail.ts';
import { sessionKey } from '../../store/keys.ts';
import { type DetailInputs, type DetailParts, type Follower, type LookedAt, slotOf } from './follower.ts';
import { ListFollower } from './list-follower.ts';
import { TranscriptFollower } from './transcript-follower.ts';

/** Delay before a session in view is read: moving through the list reads nothing. */
const READ_DELAY_MS = 150;

type LoadedTab = 'transcript' | 'todo' | 'changes';

/** The session in view that must be read from a server. */
interface Look extends LookedAt {
  readonly tab: LoadedTab;
  /** The user reads the transcript itself, and so has seen it. */
  readonly isRead: boolean;
}

/** Reads the content of the selected session for the inspect panel, for as long as it is shown. */
export class SessionDetail {
  readonly #parts: DetailParts;
  readonly #unsubscribe: () => void;
  #look: Look | null = null;
  #follower: Follower | null = null;
  #timer: NodeJS.Timeout | undefined;
  #marking = false;

  constructor(parts: DetailParts) {
    this.#parts = parts;
    this.#unsubscribe = parts.store.subscribe(() => this.#update());
    this.#update();
  }

  close(): void {
    this.#unsubscribe();
    this.#end();
  }

  #update(): void {
    const look = lookOf(this.#parts.store.getState());
    const before = this.#look;
    this.#look = look;
    if (look?.key !== before?.key || look?.tab !== before?.tab) {
      this.#end();
      if (look !== null) this.#timer = setTimeout(() => this.#begin(), READ_DELAY_MS);
      return;
    }
    if (look === null) return;
    // The store notifies of every key and of the follower's own changes.
    if (look.entry !== before?.entry) this.#follower?.update(look);
    this.#mark(look);
  }

  #begin(): void {
    if (this.#look === null) return;
    const { store } = this.#parts;
    const { tab, key } = this.#look;
    if (tab === 'transcript') {
      this.#follower = new TranscriptFollower(this.#parts, slotOf(store, key, 'messages'), this.#look);
    } else if (tab === 'todo') {
      this.#follower = new ListFollower(
        this.#parts,
        slotOf(store, key, 'todos'),
        (source, { id, directory }, signal) => source.todos(id, directory, signal),
        this.#look,
      );
    } else {
      this.#follower = new ListFollower(
        this.#parts,
        slotOf(store, key, 'changes'),
        (source, { id, directory }, signal) => source.changes(id, directory, signal),
        this.#look,
      );
    }
  }

  #end(): void {
    clearTimeout(this.#timer);
    this.#follower?.stop();
    this.#follower = null;
  }

  /** Viewing the transcript marks the session as seen; a turn that ends meanwhile is not news either. */
  #mark({ tab, isRead, key, alias, entry, session, live }: Look): void {
    const { store, fleet, clock } = this.#parts;
    const { detail, seen } = store.getState();
    if (tab !== 'transcript' || !isRead || this.#follower === null || this.#marking) return;
    if (detail.loaded?.key !== key || detail.loaded.messages.state !== 'loaded') return;
    const known = seen.sessions.get(alias)?.get(session.id);
    const atWork = isAtWork(live?.status);
    const endedAt = turnEndedAt(session, entry.live.ends.get(session.id));
    if (known !== undefined && (atWork || endedAt <= known)) return;
    const at = Math.max(clock() + (entry.snapshot?.clockOffset ?? 0), endedAt);
    this.#marking = true;
    fleet.setState((now) => ({ seen: withSeen(now.seen, alias, [session.id], at) }));
    this.#marking = false;
  }
}

/** `null` where nothing is shown that has to be read. The triage view shows the end of the transcript. */
function lookOf({ inspecting, detail, view, selected, entries }: DetailInputs): Look | null {
  const isTriage = view === 'triage';
  if (selected === null || (!isTriage && !inspecting)) return null;
  const tab = isTriage ? 'transcript' : shownTab(detail, 'session');
  if (tab === 'details' || tab === 'log') return null;
  const place = selected.session;
  const entry = place === null ? undefined : entries.get(place.alias);
  const session = entry?.snapshot?.sessions.find(({ id }) => id === place?.id);
  if (place === null || entry === undefined || session === undefined) return null;
  return {
    key: sessionKey(place.alias, place.id),
    tab,
    alias: place.alias,
    entry,
    session,
    live: entry.live.sessions.get(session.id) ?? null,
    isRead: !isTriage,
  };
}
