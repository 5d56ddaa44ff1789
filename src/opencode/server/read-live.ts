import pLimit from 'p-limit';
import { MAX_REQUEST_CHARS } from '../../domain/host-bounds.ts';
import type { LiveReading, LiveStatus } from '../../domain/live.ts';
import type { UserRequest } from '../../domain/user-request.ts';
import type { FirstSeen } from './first-seen.ts';
import { parsePermissions, parseQuestions } from './request-shape.ts';
import { encodeDirectory, type ServerCalls } from './server-calls.ts';
import { ServerError, type ServerErrorKind } from './server-error.ts';
import { parseStatuses } from './status-shape.ts';

/** Directories that are asked about at once: the first use of one makes the server start its plugins. */
const MAX_CONCURRENT = 3;
/** Bytes of such an answer: no host's kept requests are longer. */
const MAX_ANSWER_BYTES = 2 * MAX_REQUEST_CHARS;
/** Failures that one directory may have alone: its configuration is broken, it is gone, or one of its plugins hangs. */
const OF_DIRECTORY: ReadonlySet<ServerErrorKind> = new Set(['http', 'not-found', 'protocol', 'timeout']);

/**
 * Returns the requests pending in a directory, permissions first. The server lists them for one directory at a time.
 */
export async function readRequests(
  calls: ServerCalls,
  firstSeen: FirstSeen,
  directory: string,
  signal: AbortSignal,
): Promise<readonly UserRequest[]> {
  const context = { directory, since: (id: string) => firstSeen.since(id) };
  const query = { directory: encodeDirectory(directory) };
  const [permissions, questions] = await Promise.all([
    calls.call(
      (sdk, options) => sdk.permission.list(query, options),
      (data) => parsePermissions(data, context),
      signal,
      MAX_ANSWER_BYTES,
    ),
    calls.call(
      (sdk, options) => sdk.question.list(query, options),
      (data) => parseQuestions(data, context),
      signal,
      MAX_ANSWER_BYTES,
    ),
  ]);
  return [...permissions, ...questions];
}

/**
 * Returns the status of the sessions in some directories, and their pending requests. Omits a directory that cannot be
 * read, such as one with a broken configuration. Rejects with a ServerError if the server itself does not respond.
 */
export async function readLive(
  calls: ServerCalls,
  firstSeen: FirstSeen,
  directories: readonly string[],
  signal: AbortSignal,
): Promise<LiveReading> {
  const limit = pLimit(MAX_CONCURRENT);
  const asked = [...new Set(directories)];
  const failed = new Map<string, ServerError>();
  const readings = await Promise.all(
    asked.map((directory) => limit(() => readDirectory(calls, firstSeen, directory, signal, failed))),
  );
  if (failed.size === asked.length) await checkAnswers(calls, [...failed.values()], signal);
  const read = readings.filter((reading) => reading !== null);
  return {
    statuses: new Map(read.flatMap(({ statuses }) => [...statuses])),
    requests: read.flatMap(({ requests }) => requests),
    directories: asked.filter((directory) => !failed.has(directory)),
    isCut: [...failed.values()].some(isTooLong),
    failed: new Map([...failed].map(([directory, { message }]) => [directory, message])),
  };
}

/** `null` when it is the directory's own matter that it cannot be read. */
async function readDirectory(
  calls: ServerCalls,
  firstSeen: FirstSeen,
  directory: string,
  signal: AbortSignal,
  failed: Map<string, ServerError>,
): Promise<Pick<LiveReading, 'statuses' | 'requests'> | null> {
  try {
    const [statuses, requests] = await Promise.all([
      readStatuses(calls, directory, signal),
      readRequests(calls, firstSeen, directory, signal),
    ]);
    return { statuses, requests };
  } catch (error) {
    if (!(error instanceof ServerError) || !OF_DIRECTORY.has(error.kind)) throw error;
    failed.set(directory, error);
    return null;
  }
}

/** True if an answer exceeded the limit. */
function isTooLong(error: unknown): boolean {
  return error instanceof RangeError || (error instanceof Error && isTooLong(error.cause));
}

/** If every directory timed out, check that the server still responds. */
async function checkAnswers(calls: ServerCalls, errors: readonly ServerError[], signal: AbortSignal): Promise<void> {
  if (!errors.some(({ kind }) => kind === 'timeout')) return;
  await calls.call(
    (sdk, options) => sdk.global.health(options),
    () => {},
    signal,
  );
}

function readStatuses(
  calls: ServerCalls,
  directory: string,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, LiveStatus>> {
  const query = { directory: encodeDirectory(directory) };
  return calls.call((sdk, options) => sdk.session.status(query, options), parseStatuses, signal, MAX_ANSWER_BYTES);
}
