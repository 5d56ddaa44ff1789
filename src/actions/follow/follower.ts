import { type HostEntry, notReadyReason } from '../../domain/fleet.ts';
import { passwordSettingOf } from '../../domain/host.ts';
import type { LiveSession } from '../../domain/live.ts';
import type { Session } from '../../domain/session.ts';
import type { FleetStore } from '../../fleet/fleet-store.ts';
import type { Seen } from '../../fleet/seen.ts';
import type { Clock } from '../../lib/clock.ts';
import type { ContentSource } from '../../opencode/content-source.ts';
import { type ContentValues, contentChanged, contentOf, type DetailView, type Loaded } from '../../store/detail.ts';
import type { Selection } from '../../store/selection.ts';
import type { ViewName } from '../../store/view.ts';

/** The part of the dashboard's state that decides what is read, and receives it. */
export interface DetailInputs extends DetailView {
  readonly entries: ReadonlyMap<string, HostEntry>;
  readonly selected: Selection | null;
  readonly view: ViewName;
  readonly seen: Seen;
}

export interface DetailStore {
  getState(): DetailInputs;
  setState(change: Partial<Pick<DetailInputs, 'detail'>>): void;
  subscribe(listener: () => void): () => void;
}

export interface DetailParts {
  readonly store: DetailStore;
  /** Updates it after the session in view changed. */
  readonly fleet: Pick<FleetStore, 'setState'>;
  /**
   * Returns the source of a session's content: its server or, if that would boot the session's directory, the database. `null` if no server accepts
   * us. Starts nothing.
   */
  clientOf(alias: string, sessionId: string): ContentSource | null;
  readonly clock: Clock;
}

/** The current state of the session in view. */
export interface LookedAt {
  /** See `sessionKey`. */
  readonly key: string;
  readonly alias: string;
  readonly entry: HostEntry;
  readonly session: Session;
  /** `null` if no server has reported on it. */
  readonly live: LiveSession | null;
}

/** Keeps one part of a session's content up to date while it is in view. */
export interface Follower {
  /** Something has changed of the session, its host or its servers. */
  update(looked: LookedAt): void;
  stop(): void;
}

/** The slot of one part of a session's content in the store. */
export interface Slot<Value> {
  get(): Loaded<Value>;
  set(change: (before: Loaded<Value>) => Loaded<Value>): void;
}

export function slotOf<Name extends keyof ContentValues>(
  store: DetailStore,
  key: string,
  name: Name,
): Slot<ContentValues[Name]> {
  return {
    get: () => contentOf(store.getState().detail, key)[name],
    set: (change) => store.setState(contentChanged(key, name, change)(store.getState())),
  };
}

/** Records that a session's server has no client; the known content stays. `why` is `null` while that is undecided. */
export function withoutSource<Value>(before: Loaded<Value>, why: string | null): Loaded<Value> {
  return { ...before, state: why === null ? 'loading' : 'failed', reason: why };
}

/** Returns why a session's server has no client, on one line; `null` while that is undecided. */
export function whyNoSource(entry: HostEntry): string | null {
  const { host, snapshot, live, failure, fresh } = entry;
  if (failure !== null) return notReadyReason(entry);
  const links = [...live.servers.values()];
  const listed = snapshot?.servers.length ?? 0;
  if (!fresh || listed > links.length || links.some(({ state }) => state === 'connecting')) return null;
  if (links.some(({ state }) => state === 'needs-password')) {
    return `the server there needs a password: ${passwordSettingOf(host)}`;
  }
  const unproven = links.find(({ state }) => state === 'unproven');
  if (unproven !== undefined) return unproven.reason;
  const [broken] = links;
  if (broken !== undefined) return `the server there does not answer: ${broken.reason ?? 'reason unknown'}`;
  return 'no server runs there: press Enter to attach, which starts one';
}
