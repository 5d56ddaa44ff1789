import { dedupeSessions, type Session } from '../../domain/session.ts';
import type { ServerCalls } from './server-calls.ts';
import { parseSessions } from './session-shape.ts';

/** Sessions asked for at once. The server has no limit of its own; 10,000 of them are about 8 MB. */
const PAGE_SIZE = 2000;

/** Lists all sessions of a server's user, of all projects, archived ones and subagents' too; newest first. */
export async function listSessions(
  calls: ServerCalls,
  signal: AbortSignal,
  page = PAGE_SIZE,
): Promise<readonly Session[]> {
  const all: Session[] = [];
  let cursor: number | undefined;
  for (;;) {
    const query = { archived: true, limit: page, ...(cursor === undefined ? {} : { cursor }) };
    const { sessions, next } = await calls.call(
      (sdk, options) => sdk.experimental.session.list(query, options),
      (data, response) => ({ sessions: parseSessions(data), next: response.headers.get('x-next-cursor') }),
      signal,
    );
    all.push(...sessions);
    const last = sessions.at(-1);
    if (next === null || last === undefined) break;
    // The cursor skips all sessions of its own millisecond: ask for one later, and drop the duplicates.
    const following: number = last.updated + 1;
    if (following === cursor) break;
    cursor = following;
  }
  return dedupeSessions(all);
}
