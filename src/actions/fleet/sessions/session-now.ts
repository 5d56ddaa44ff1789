import type { HostEntry } from '../../../domain/fleet.ts';
import { withSeen } from '../../../fleet/seen.ts';
import { sessionKey } from '../../../store/keys.ts';
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

/**
 * Takes a session for looked at: what has happened in it until now is no news.
 * @param ahead milliseconds in which what happens was brought about from here, and is no news either
 */
export function lookedAt(ports: Known, { entry, session }: TargetSession, ahead = 0): void {
  const at = hostNow(ports, latestOf(ports, { entry, session }).entry) + ahead;
  ports.fleet.setState(({ seen }) => ({ seen: withSeen(seen, entry.host.alias, [session.id], at) }));
}

export function unmark({ store }: Pick<ActionPorts, 'store'>, { entry, session }: TargetSession): void {
  const key = sessionKey(entry.host.alias, session.id);
  store.setState(({ marked }) =>
    marked.has(key) ? { marked: new Set([...marked].filter((one) => one !== key)) } : {},
  );
}
