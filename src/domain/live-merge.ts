import { isAtWork, type LiveHost } from './live.ts';
import type { LiveView } from './live-reducer.ts';
import type { Session } from './session.ts';
import { placesOf } from './session-places.ts';

export interface MergedReading {
  readonly view: LiveView;
  /** True if something differs from the reading: the servers' reports are newer. */
  readonly mixed: boolean;
}

/**
 * Merges freshly read sessions with the events that arrived during the reading. `askedAt` is when the reading began, on
 * this machine's clock.
 */
export function mergeReading(before: LiveView, read: readonly Session[], askedAt: number): MergedReading {
  const { live } = before;
  const places = placesOf(before.sessions);
  const knownOf = (id: string) => before.sessions[places.get(id) ?? -1];
  const changed = young(live.changed, askedAt);
  const deleted = young(live.deleted, askedAt);
  const rested = restedOf(live, read, knownOf);
  const after = deleted === live.deleted && changed === live.changed ? live : { ...live, changed, deleted };
  const view = (sessions: readonly Session[]): LiveView => ({ ...before, sessions, live: after });
  if (changed.size === 0 && deleted.size === 0) return { view: view(rested), mixed: false };
  const listed = new Set(rested.map(({ id }) => id));
  const kept = rested.filter(({ id }) => !deleted.has(id));
  const isNewer = ({ id }: Session) => changed.has(id) && knownOf(id) !== undefined;
  const sessions = kept.map((session) => (changed.has(session.id) ? (knownOf(session.id) ?? session) : session));
  const added = before.sessions.filter(({ id }) => changed.has(id) && !listed.has(id) && !deleted.has(id));
  const mixed = added.length > 0 || kept.length < rested.length || kept.some(isNewer);
  return { view: view(mixed ? [...sessions, ...added] : rested), mixed };
}

function young(times: ReadonlyMap<string, number>, from: number): ReadonlyMap<string, number> {
  const kept = [...times].filter(([, at]) => at >= from);
  return kept.length === times.size ? times : new Map(kept);
}

/**
 * A turn stopped before its answer began looks open in the database for ever, and other sources do not show it. It has
 * ended if its server said so and the session has not changed since.
 */
function restedOf(
  live: LiveHost,
  read: readonly Session[],
  knownOf: (id: string) => Session | undefined,
): readonly Session[] {
  const isOver = ({ id, turn, updated }: Session) => {
    const end = turn === 'ended' || turn === 'failed' ? undefined : live.ends.get(id);
    return end?.reported === true && updated <= end.until && !isAtWork(live.sessions.get(id)?.status);
  };
  if (live.ends.size === 0 || !read.some(isOver)) return read;
  return read.map((session) => {
    if (!isOver(session)) return session;
    const known = knownOf(session.id);
    if (known?.turn === 'failed') return { ...session, turn: 'failed', error: known.error };
    return { ...session, turn: 'ended' };
  });
}
