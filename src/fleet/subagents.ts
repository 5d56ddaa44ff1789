import type { HostEntry } from '../domain/fleet.ts';
import type { Session } from '../domain/session.ts';
import { splitSubagents } from '../domain/session-levels.ts';

/** By the sessions of a snapshot: grouping 10,000 takes milliseconds, and every session asks for it. */
const childrenBySessions = new WeakMap<readonly Session[], ReadonlyMap<string, readonly Session[]>>();

/** Returns the sessions that a session's subagents run, at any depth. */
export function subagentsOf({ snapshot }: HostEntry, session: Session): readonly Session[] {
  const sessions = snapshot?.sessions ?? [];
  const children = childrenBySessions.get(sessions) ?? splitSubagents(sessions).children;
  childrenBySessions.set(sessions, children);
  const found = new Set([session]);
  // The loop also visits what it adds; the set ends it on a cycle.
  for (const one of found) for (const child of children.get(one.id) ?? []) found.add(child);
  found.delete(session);
  return [...found];
}
