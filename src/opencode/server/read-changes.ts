import * as z from 'zod';
import type { FileChange } from '../../domain/transcript.ts';
import { encodeDirectory, type ServerCalls } from './server-calls.ts';
import { parseChanges } from './transcript-shape.ts';

const summaries = z.array(
  z.object({
    info: z.object({
      summary: z
        .object({ diffs: z.array(z.unknown()).catch([]) })
        .nullish()
        .catch(null),
    }),
  }),
);

/** Messages searched for changes. */
const MAX_MESSAGES = 200;

/**
 * Returns a session's changes by file. opencode 1.18 stores them per prompt, and for the whole session only after a
 * revert. Without a total, the prompts' changes are merged.
 */
export async function readChanges(
  calls: ServerCalls,
  session: { id: string; directory: string },
  signal: AbortSignal,
): Promise<readonly FileChange[]> {
  const query = { sessionID: session.id, directory: encodeDirectory(session.directory) };
  const whole = await calls.call((sdk, options) => sdk.session.diff(query, options), parseChanges, signal);
  if (whole.length > 0) return whole;
  return await calls.call(
    (sdk, options) => sdk.session.messages({ ...query, limit: MAX_MESSAGES }, options),
    (data) => joinChanges(summaries.parse(data).flatMap(({ info }) => parseChanges(info.summary?.diffs ?? []))),
    signal,
  );
}

/** Changes of the same file one after the other, as one. */
export function joinChanges(changes: readonly FileChange[]): readonly FileChange[] {
  const joined = new Map<string, FileChange>();
  for (const change of changes) {
    const earlier = joined.get(change.path);
    joined.set(change.path, earlier === undefined ? change : follow(earlier, change));
  }
  return [...joined.values()];
}

function follow(earlier: FileChange, later: FileChange): FileChange {
  return {
    path: later.path,
    additions: earlier.additions + later.additions,
    deletions: earlier.deletions + later.deletions,
    patch: [earlier.patch, later.patch].filter((patch) => patch !== '').join('\n'),
  };
}
