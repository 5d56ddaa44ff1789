import * as z from 'zod';
import { isoTime } from '../turns/message-report.ts';
import type { FoundRequest } from './find-requests.ts';

const base = {
  host: z.string(),
  id: z.string(),
  sessionID: z.string(),
  directory: z.string(),
  /** ISO 8601 of the host's clock. */
  since: z.string(),
};

export const permissionSchema = z.object({
  ...base,
  /** The kind of action, such as `bash` or `edit`. */
  permission: z.string(),
  patterns: z.array(z.string()),
  /** What "always" would allow from then on. */
  always: z.array(z.string()),
  command: z.string().nullable(),
  path: z.string().nullable(),
  diff: z.string().nullable(),
});
export type PermissionReport = z.output<typeof permissionSchema>;

export const questionSchema = z.object({
  ...base,
  questions: z.array(
    z.object({
      header: z.string(),
      question: z.string(),
      options: z.array(z.object({ label: z.string(), description: z.string() })),
      /** True if several options may be picked. */
      multiple: z.boolean(),
      /** True if an answer of your own is accepted. */
      custom: z.boolean(),
    }),
  ),
});
export type QuestionReport = z.output<typeof questionSchema>;

function baseOf({ alias, pending: { request } }: FoundRequest) {
  const { id, sessionId, directory, since } = request;
  return { host: alias, id, sessionID: sessionId, directory, since: isoTime(since) };
}

/** Describes a permission for scripts; `null` for a question. */
export function describePermission(found: FoundRequest): PermissionReport | null {
  const { request } = found.pending;
  if (request.kind !== 'permission') return null;
  const { permission, patterns, always, command, path, diff } = request;
  return { ...baseOf(found), permission, patterns: [...patterns], always: [...always], command, path, diff };
}

/** Describes a question for scripts; `null` for a permission. */
export function describeQuestion(found: FoundRequest): QuestionReport | null {
  const { request } = found.pending;
  if (request.kind !== 'question') return null;
  const questions = request.questions.map(({ header, question, options, multiple, custom }) => ({
    ...{ header, question, multiple, custom },
    options: options.map(({ label, description }) => ({ label, description })),
  }));
  return { ...baseOf(found), questions };
}
