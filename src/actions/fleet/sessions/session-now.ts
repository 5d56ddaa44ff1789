import type { HostEntry } from '../../../domain/fleet.ts';
import type { Session } from '../../../domain/session.ts';
import { splitSubagents } from '../../../domain/session-levels.ts';
import { withLookedAt } from '../../../fleet/seen.ts';
import { serverWord } from '../../../fleet/session-state.ts';
import { sessionKey } from '../../../store/rows.ts';
import type { ActionPorts } from '../action-ports.ts';
import type { TargetSession } from '../fleet-actions.ts';

type Known = Pick<ActionPorts, 'fleet' | 'clock'>;

/** A session as it is known now: time has passed since it was selected. One that is not listed any more stays as it was. */
export function latestOf({ fleet }: Pick<ActionPorts, 'fleet'>, { entry, session }: TargetSession): TargetSession {
  const now = fleet.getState().entries.get(entry.host.alias) ?? entry;
  return { entry: now, session: now.snapshot?.sessions.find(({ id }) => id === session.id) ?? session };
}

/** The time on a host's clock, epoch milliseconds. */
export function hostNow({ clock }: Pick<Known, 'clock'>, { snapshot }: HostEntry): number {
  return clock() + (snapshot?.clockOffset ?? 0);
}

/** A session by name, such as `web1: Fix the login page`. */
export function labelOf({ entry, session }: TargetSession): string {
  return `${entry.host.label}: ${session.title}`;
}

/** A number of things, such as `1 session` or `2 sessions`. */
export function counted(count: number, thing: string): string {
  return `${count} ${thing}${count === 1 ? '' : 's'}`;
}

/** Is a session at work, or does it wait for a person? `unsure`: no server tells, and its last turn has not ended. */
export function workOf(entry: HostEntry, session: Session): 'working' | 'unsure' | 'resting' {
  const word = serverWord(entry, session);
  if (word !== null) return word.waiting || word.status.kind !== 'idle' ? 'working' : 'resting';
  return session.turn === 'open' || session.turn === 'unknown' ? 'unsure' : 'resting';
}

/** By the sessions of a snapshot: grouping ten thousand takes milliseconds, and is asked for each of them. */
const childrenOf = new WeakMap<readonly Session[], ReadonlyMap<string, readonly Session[]>>();

/** The sessions that a session's subagents run, and those of theirs. */
export function subagentsOf({ snapshot }: HostEntry, session: Session): readonly Session[] {
  const sessions = snapshot?.sessions ?? [];
  const children = childrenOf.get(sessions) ?? splitSubagents(sessions).children;
  childrenOf.set(sessions, children);
  const found = new Set([session]);
  // What is added on the way is gone through as well; a session that works for itself is there already.
  for (const one of found) for (const child of children.get(one.id) ?? []) found.add(child);
  found.delete(session);
  return [...found];
}

/**
 * Takes a session for looked at: what has happened in it until now is no news.
 * @param ahead milliseconds in which what happens was brought about from here, and is no news either
 */
export function lookedAt(ports: Known, { entry, session }: TargetSession, ahead = 0): void {
  const at = hostNow(ports, latestOf(ports, { entry, session }).entry) + ahead;
  ports.fleet.setState(({ seen }) => ({ seen: withLookedAt(seen, entry.host.alias, [session.id], at) }));
}

export function unmark({ store }: Pick<ActionPorts, 'store'>, { entry, session }: TargetSession): void {
  const key = sessionKey(entry.host.alias, session.id);
  store.setState(({ marked }) =>
    marked.has(key) ? { marked: new Set([...marked].filter((one) => one !== key)) } : {},
  );
}
