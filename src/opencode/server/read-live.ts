import pLimit from 'p-limit';
import type { LiveReading, LiveStatus } from '../../domain/live.ts';
import type { PersonRequest } from '../../domain/person-request.ts';
import type { FirstSeen } from './first-seen.ts';
import { parsePermissions, parseQuestions } from './request-shape.ts';
import { encodeDirectory, type ServerCalls } from './server-calls.ts';
import { parseStatuses } from './status-shape.ts';

/** Directories that are asked about at once: the first use of one makes the server start its plugins. */
const AT_ONCE = 3;

/** What waits for a person in a directory: permissions first. The server tells it for one directory only. */
export async function readRequests(
  calls: ServerCalls,
  firstSeen: FirstSeen,
  directory: string,
  signal: AbortSignal,
): Promise<readonly PersonRequest[]> {
  const context = { directory, since: (id: string) => firstSeen.since(id) };
  const query = { directory: encodeDirectory(directory) };
  const [permissions, questions] = await Promise.all([
    calls.call(
      (sdk, options) => sdk.permission.list(query, options),
      (data) => parsePermissions(data, context),
      signal,
    ),
    calls.call(
      (sdk, options) => sdk.question.list(query, options),
      (data) => parseQuestions(data, context),
      signal,
    ),
  ]);
  return [...permissions, ...questions];
}

/** How the sessions of some directories stand, and what waits for a person in them. Rejects when one of them cannot be read. */
export async function readLive(
  calls: ServerCalls,
  firstSeen: FirstSeen,
  directories: readonly string[],
  signal: AbortSignal,
): Promise<LiveReading> {
  const limit = pLimit(AT_ONCE);
  const asked = [...new Set(directories)];
  const readings = await Promise.all(
    asked.map((directory) =>
      limit(() =>
        Promise.all([readStatuses(calls, directory, signal), readRequests(calls, firstSeen, directory, signal)]),
      ),
    ),
  );
  return {
    statuses: new Map(readings.flatMap(([statuses]) => [...statuses])),
    requests: readings.flatMap(([, requests]) => requests),
    directories: asked,
  };
}

function readStatuses(
  calls: ServerCalls,
  directory: string,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, LiveStatus>> {
  const query = { directory: encodeDirectory(directory) };
  return calls.call((sdk, options) => sdk.session.status(query, options), parseStatuses, signal);
}
