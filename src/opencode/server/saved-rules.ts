import * as z from 'zod';
import type { ServerCalls } from './server-calls.ts';
import { ServerError } from './server-error.ts';

/*
 * Where "always" is kept, measured with 1.18.33:
 *
 * | reply                                               | kept in                                    | scope                        | until           |
 * |-----------------------------------------------------|--------------------------------------------|------------------------------|-----------------|
 * | `POST /permission/ID/reply`, which ocr and          | the server's memory; no call lists it      | all sessions of the same     | the server ends |
 * | `opencode attach` use                               |                                            | directory; a folder below it |                 |
 * |                                                     |                                            | asks again                   |                 |
 * | `POST /api/session/ID/permission/ID/reply`, for     | the database's table `permission`, one row | all turns begun over `/api`  | it is removed;  |
 * | turns that were begun over `/api`                   | for each pattern in `save`                 | in any folder of the project | it outlives the |
 * |                                                     |                                            |                              | server          |
 *
 * Neither kind of turn heeds the rules of the other. `GET /api/permission/saved` lists the rules of one project: that of `projectID`, or without it that of
 * the directory the server was started in, not those of all projects. `DELETE` answers 204 for unknown ids too.
 */

/** A rule that "always" saved in a host's database. */
export interface SavedRule {
  readonly id: string;
  readonly projectId: string;
  /** The kind of action, such as `bash` or `edit`. */
  readonly action: string;
  /** The pattern that is allowed, such as `npm run migrate *`. */
  readonly resource: string;
}

const rulesSchema = z.object({
  data: z.array(z.object({ id: z.string(), projectID: z.string(), action: z.string(), resource: z.string() })),
});

/** Lists the rules of some projects. Returns `null` if the server has no such list, as before 1.18. */
export async function listSavedRules(
  calls: ServerCalls,
  projectIds: readonly string[],
  signal: AbortSignal,
): Promise<readonly SavedRule[] | null> {
  // The first answer tells whether the path exists.
  const first = await listOf(calls, null, signal).catch((error: unknown) => {
    if (error instanceof ServerError && (error.kind === 'not-found' || error.kind === 'protocol')) return null;
    throw error;
  });
  if (first === null) return null;
  const found = new Map(first.map((rule) => [rule.id, rule]));
  for (const projectId of projectIds) {
    for (const rule of await listOf(calls, projectId, signal)) found.set(rule.id, rule);
  }
  return [...found.values()];
}

/** Removes a rule. Resolves for unknown ids too. */
export async function removeSavedRule(calls: ServerCalls, id: string, signal: AbortSignal): Promise<void> {
  await calls.call(
    (sdk, options) => sdk.v2.permission.saved.remove({ id }, options),
    () => {},
    signal,
  );
}

async function listOf(calls: ServerCalls, projectId: string | null, signal: AbortSignal): Promise<SavedRule[]> {
  const query = projectId === null ? {} : { projectID: projectId };
  return await calls.call(
    (sdk, options) => sdk.v2.permission.saved.list(query, options),
    (answer) => rulesSchema.parse(answer).data.map(({ projectID, ...rule }) => ({ ...rule, projectId: projectID })),
    signal,
  );
}
