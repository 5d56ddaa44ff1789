import type { Snapshot } from '../domain/snapshot.ts';
import { sessionKey } from './rows.ts';

/** What a person has seen of the sessions: what happened later is news. Times are epoch milliseconds of each host's clock. */
export interface Seen {
  /** By alias: when ocr first saw the host. What happened before that is no news. */
  readonly baselines: ReadonlyMap<string, number>;
  /** By session key. */
  readonly sessions: ReadonlyMap<string, number>;
}

export const NOTHING_SEEN: Seen = { baselines: new Map(), sessions: new Map() };

/** Until when a session was seen; for ever where the host was never seen before. */
export function seenUntil({ baselines, sessions }: Seen, alias: string, id: string): number {
  const baseline = baselines.get(alias) ?? Number.POSITIVE_INFINITY;
  return Math.max(baseline, sessions.get(sessionKey(alias, id)) ?? 0);
}

/** Takes down when a host was seen first. */
export function withBaseline(seen: Seen, alias: string, { at, clockOffset }: Snapshot): Seen {
  if (seen.baselines.has(alias)) return seen;
  return { ...seen, baselines: new Map(seen.baselines).set(alias, at + clockOffset) };
}

/** Takes down that sessions of a host were looked at, at a time of the host's clock. */
export function withLookedAt(seen: Seen, alias: string, ids: readonly string[], at: number): Seen {
  const sessions = new Map(seen.sessions);
  for (const id of ids) {
    const key = sessionKey(alias, id);
    sessions.set(key, Math.max(at, sessions.get(key) ?? 0));
  }
  return { ...seen, sessions };
}

/** The later of two notes on each host's sessions; of baselines the earlier, since that of the other ocr stands for what was seen there. */
export function mergeSeen(a: Seen, b: Seen): Seen {
  const merge = (one: ReadonlyMap<string, number>, other: ReadonlyMap<string, number>, pick: typeof Math.max) => {
    const merged = new Map(one);
    for (const [key, time] of other) merged.set(key, pick(time, merged.get(key) ?? time));
    return merged;
  };
  return {
    baselines: merge(a.baselines, b.baselines, Math.min),
    sessions: merge(a.sessions, b.sessions, Math.max),
  };
}
