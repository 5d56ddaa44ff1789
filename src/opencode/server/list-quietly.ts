import * as z from 'zod';
import { dedupeSessions, GLOBAL_WORKTREE, type Session } from '../../domain/session.ts';
import { listSessions } from './list-sessions.ts';
import type { ServerCalls } from './server-calls.ts';
import { ServerError } from './server-error.ts';
import { checkSession, toSession } from './session-shape.ts';

const PAGE_SIZE = 500;
/** Page limit: a broken cursor must not be followed forever. */
const MAX_PAGES = 1000;

const pageSchema = z.object({
  data: z.array(
    z.looseObject({
      projectID: z.string().nullish(),
      location: z.object({ directory: z.string() }),
      subpath: z.string().nullish(),
    }),
  ),
  cursor: z.object({ next: z.string().nullish() }).nullish(),
});
type Item = z.infer<typeof pageSchema>['data'][number];

/**
 * Lists all sessions of a server's user as `listSessions` does, by the one list that boots no directory (see `server-calls.ts`). Falls back to
 * `listSessions` on a server before 1.18, which lacks that list.
 */
export async function listQuietly(
  calls: ServerCalls,
  signal: AbortSignal,
  limit = PAGE_SIZE,
): Promise<readonly Session[]> {
  const all: Session[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const query = { limit, ...(cursor === undefined ? {} : { cursor }) };
    const read = await calls
      .call((sdk, options) => sdk.v2.session.list(query, options), parsePage, signal)
      .catch((error: unknown) => {
        const isOlder = error instanceof ServerError && (error.kind === 'not-found' || error.kind === 'protocol');
        if (isOlder && page === 0) return null;
        throw error;
      });
    if (read === null) return await listSessions(calls, signal);
    all.push(...read.sessions);
    if (read.next === null || read.sessions.length < limit) break;
    cursor = read.next;
  }
  return dedupeSessions(all);
}

function parsePage(value: unknown): { sessions: readonly Session[]; next: string | null } {
  const { data, cursor } = pageSchema.parse(value);
  const sessions = data.map((item) => {
    const session = checkSession({ ...item, directory: item.location.directory });
    return toSession(session, worktreeOf(item));
  });
  return { sessions, next: cursor?.next ?? null };
}

/** The list gives a project's id, and the session's path below its worktree. */
function worktreeOf({ projectID, location, subpath }: Item): string | null {
  if (projectID === 'global') return GLOBAL_WORKTREE;
  if (projectID == null) return null;
  const { directory } = location;
  return subpath && directory.endsWith(`/${subpath}`) ? directory.slice(0, -subpath.length - 1) : directory;
}
