import * as z from 'zod';

/** A line of `ocr events`. */
export const eventLineSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('event'),
    host: z.string(),
    /** Its address as the host sees it, such as `127.0.0.1:4096`. */
    server: z.string(),
    /** For --after, with --session; `null` for an event that the server does not keep. */
    cursor: z.string().nullable(),
    /** As the server sent it. */
    event: z.unknown(),
  }),
  /** The server's events are told from here on. */
  z.object({ kind: z.literal('connected'), host: z.string(), server: z.string() }),
  /** From `since` on events of that server may be missing, until it is `connected` again. `server` is `null` if none of the host lets us in. */
  z.object({
    kind: z.literal('lost'),
    host: z.string(),
    server: z.string().nullable(),
    since: z.string(),
    reason: z.string(),
  }),
  z.object({ kind: z.literal('heartbeat'), at: z.string() }),
]);
export type EventLine = z.output<typeof eventLineSchema>;
