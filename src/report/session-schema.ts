import * as z from 'zod';
import { ATTENTION_KINDS } from '../domain/attention.ts';
import { SESSION_STATUSES } from '../fleet/session-status.ts';

// Apart from `describeSession`, since loading zod takes longer than listing a fleet.

/** A session as scripts see it, in `ocr sessions --json`. Times are ISO 8601 of the host's clock. */
export const sessionReportSchema = z.object({
  /** The host's ssh alias. */
  host: z.string(),
  project: z.string(),
  directory: z.string(),
  id: z.string(),
  parentId: z.string().nullable(),
  title: z.string(),
  status: z.enum(SESSION_STATUSES),
  live: z.boolean(),
  attention: z
    .object({
      kind: z.enum(ATTENTION_KINDS),
      since: z.string(),
      requestId: z.string().nullable(),
      detail: z.string(),
    })
    .nullable(),
  createdAt: z.string(),
  updatedAt: z.string(),
  archived: z.boolean(),
  agent: z.string().nullable(),
  model: z.string().nullable(),
  messages: z.number().nullable(),
  cost: z.number().nullable(),
  tokens: z
    .object({
      input: z.number(),
      output: z.number(),
      reasoning: z.number(),
      cacheRead: z.number(),
      cacheWrite: z.number(),
    })
    .nullable(),
  additions: z.number().nullable(),
  deletions: z.number().nullable(),
  files: z.number().nullable(),
});

export type SessionReport = z.output<typeof sessionReportSchema>;
