import type { Session } from '../domain/session.ts';
import { splitSubagents } from '../domain/session-levels.ts';

/** Returns `16 sessions`, as the host's row counts them, and how many there are with those that it does not show. */
export function describeCount(sessions: readonly Session[]): string {
  const { roots } = splitSubagents(sessions.filter(({ archived }) => archived === null));
  const more = sessions.length > roots.length ? ` (${sessions.length} with subagents' and archived ones)` : '';
  return `${roots.length} sessions${more}`;
}
