import type { Session } from '../domain/session.ts';
import { splitSubagents } from '../domain/session-levels.ts';

/** Returns the count in the host's row, such as `16 sessions`, and the total with the sessions that the row leaves out. */
export function describeCount(sessions: readonly Session[]): string {
  const { roots } = splitSubagents(sessions.filter(({ archived }) => archived === null));
  const more = sessions.length > roots.length ? ` (${sessions.length} with subagents' and archived ones)` : '';
  return `${roots.length} sessions${more}`;
}
