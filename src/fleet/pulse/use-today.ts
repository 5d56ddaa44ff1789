import { type DayUse, startOfDay } from '../../domain/day-use.ts';
import type { HostEntry } from '../../domain/fleet.ts';
import type { Session } from '../../domain/session.ts';

/** Use of several sessions on one day; see `DayUse`. */
export interface UseTotals extends Omit<DayUse, 'since' | 'turns'> {
  /** Prompts by the user: those of subagents do not count. */
  readonly turns: number;
}

export interface ProjectUse extends UseTotals {
  /** See `Session.project`. */
  readonly path: string;
}

export interface HostUse {
  /** `null` if the host does not tell: its rows came from an older opencode, or from a source without messages. */
  readonly total: UseTotals | null;
  /** The projects used today, in no order. */
  readonly projects: readonly ProjectUse[];
}

export const NO_USE: UseTotals = { cost: 0, tokensIn: 0, tokensOut: 0, cached: 0, turns: 0 };
const UNTOLD: HostUse = { total: null, projects: [] };

const found = new WeakMap<readonly Session[], { midnight: number; use: HostUse }>();

/** Returns the use of a host since the last midnight here. Computed once for each reading and day. */
export function hostUse({ snapshot }: Pick<HostEntry, 'snapshot'>, now: number): HostUse {
  if (snapshot === null) return UNTOLD;
  const midnight = startOfDay(now);
  const known = found.get(snapshot.sessions);
  if (known?.midnight === midnight) return known.use;
  const use = sumUp(snapshot.sessions, midnight);
  found.set(snapshot.sessions, { midnight, use });
  return use;
}

function sumUp(sessions: readonly Session[], midnight: number): HostUse {
  let isTold = sessions.length === 0;
  const projects = new Map<string, ProjectUse>();
  for (const { today, project, parentId } of sessions) {
    if (today !== undefined) isTold = true;
    // A reading of yesterday still holds if the database has not changed since: then nothing was used today.
    if (!today || today.since < midnight) continue;
    const use = parentId === null ? today : { ...today, turns: 0 };
    projects.set(project, { ...addUse(projects.get(project) ?? NO_USE, use), path: project });
  }
  if (!isTold) return UNTOLD;
  const listed = [...projects.values()];
  return { total: listed.reduce<UseTotals>(addUse, NO_USE), projects: listed };
}

/** Adds up the use of two groups of sessions. */
export function addUse(one: UseTotals, other: UseTotals): UseTotals {
  return {
    cost: one.cost + other.cost,
    tokensIn: one.tokensIn + other.tokensIn,
    tokensOut: one.tokensOut + other.tokensOut,
    cached: one.cached + other.cached,
    turns: one.turns + other.turns,
  };
}
