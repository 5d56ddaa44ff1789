import type { TargetSession } from '../../../operations/target.ts';
import { sessionKey } from '../../../store/keys.ts';
import type { ActionPorts } from '../action-ports.ts';

/**
 * Returns a session's current state: time has passed since it was selected. A session that is no longer listed stays as
 * it was.
 */
export function latestOf({ fleet }: Pick<ActionPorts, 'fleet'>, { entry, session }: TargetSession): TargetSession {
  const now = fleet.getState().entries.get(entry.host.alias) ?? entry;
  return { entry: now, session: now.snapshot?.sessions.find(({ id }) => id === session.id) ?? session };
}

/** A session by name, such as `web1: Fix the login page`. */
export function labelOf({ entry, session }: TargetSession): string {
  // On one line: more of them could pass for lines of the dialog.
  return `${entry.host.label}: ${session.title.replace(/\s+/g, ' ')}`;
}

/** A number of things, such as `1 session` or `2 sessions`. */
export function counted(count: number, thing: string): string {
  return `${count} ${thing}${count === 1 ? '' : 's'}`;
}

export function unmark({ store }: Pick<ActionPorts, 'store'>, { entry, session }: TargetSession): void {
  const key = sessionKey(entry.host.alias, session.id);
  store.setState(({ marked }) =>
    marked.has(key) ? { marked: new Set([...marked].filter((one) => one !== key)) } : {},
  );
}
