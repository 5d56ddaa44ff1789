import * as z from 'zod';
import { sessionReportSchema } from '../../report/session-schema.ts';

/** A line of `ocr watch`. */
export const watchLineSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('session'),
    at: z.string(),
    /** `now` is its state at the start; `gone` also for one that no longer fits. */
    change: z.enum(['now', 'added', 'changed', 'gone']),
    session: sessionReportSchema,
  }),
  z.object({
    kind: z.literal('host'),
    at: z.string(),
    host: z.string(),
    status: z.string(),
    reason: z.string().nullable(),
    /** From then on the states of its sessions are not known; `null` while they are. */
    unknownSince: z.string().nullable(),
  }),
  z.object({ kind: z.literal('heartbeat'), at: z.string() }),
]);
export type WatchLine = z.output<typeof watchLineSchema>;
