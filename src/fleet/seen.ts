import type { Snapshot } from '../domain/snapshot.ts';

/**
 * What the user has seen of the sessions: later changes are news. Times are epoch milliseconds of each host's clock.
 */
export interface Seen {
  /** By alias: when ocr first saw the host. Earlier changes are not news. */
  readonly baselines: ReadonlyMap<string, number>;
  /** By alias and session id: when the user last looked. */
  readonly sessions: ReadonlyMap<string, ReadonlyMap<string, number>>;
}

export const NOTHING_SEEN: Seen = { baselines: new Map(), sessions: new Map() };

/** Returns until when a session was seen; infinite if the host was never seen before. */
export function seenUntil({ baselines, sessions }: Seen, alias: string, id: string): number {
  const baseline = baselines.get(alias) ?? Number.POSITIVE_INFINITY;
  return Math.max(baseline, sessions.get(alias)?.get(id) ?? 0);
}

/** Records when a host was first seen. */
export function withBaseline(seen: Seen, alias: string, { at, clockOffset }: Snapshot): Seen {
  if (seen.baselines.has(alias)) return seen;
  return { ...seen, baselines: new Map(seen.baselines).set(alias, at + clockOffset) };
}

/** Records that the user saw sessions of a host at a time of the host's clock. */
export function withSeen(seen: Seen, alias: string, ids: readonly string[], at: number): Seen {
  const ofHost = new Map(seen.sessions.get(alias));
  for (const id of ids) ofHost.set(id, Math.max(at, ofHost.get(id) ?? 0));
  return { ...seen, sessions: new Map(seen.sessions).set(alias, ofHost) };
}

/**
 * Merges by the later time of each session and the earlier baseline, since the other ocr records what was seen there.
 */
export function mergeSeen(a: Seen, b: Seen): Seen {
  const sessions = new Map(a.sessions);
  for (const [alias, times] of b.sessions)
    sessions.set(alias, mergeTimes(sessions.get(alias) ?? new Map(), times, Math.max));
  return { baselines: mergeTimes(a.baselines, b.baselines, Math.min), sessions };
}

type Times = ReadonlyMap<string, number>;

function mergeTimes(one: Times, other: Times, pick: typeof Math.max): Times {
  const merged = new Map(one);
  for (const [key, time] of other) merged.set(key, pick(time, merged.get(key) ?? time));
  return merged;
}
