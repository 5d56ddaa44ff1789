import * as z from 'zod';

/** How one probe of an alias ended; times are epoch ms. */
export const probed = z.object({
  alias: z.string(),
  began: z.number(),
  ended: z.number(),
  /** `online`, or the state that the failure is shown as. */
  status: z.string(),
  reason: z.string(),
});
export type Probed = z.infer<typeof probed>;

/** The program's own messages. */
export const inside = z.object({
  at: z.number(),
  /** Kinds of what keeps a Node process alive, and how many of each. */
  resources: z.record(z.string(), z.number()),
  /** Bytes; the heap after a collection, and only in some of the samples. */
  heap: z.number().nullable(),
  refreshing: z.number(),
  online: z.number(),
  failed: z.number(),
  /** Key exchanges under way. */
  handshakes: z.number(),
  mostHandshakes: z.number(),
  probing: z.number(),
  mostProbing: z.number(),
  /** Probes that began while another one of the same alias ran. */
  overlaps: z.number(),
  /** Hosts whose opencode version is not known yet. */
  unversioned: z.number(),
  /** Times at which the watch over sleep and network asked every host again. */
  wakes: z.number(),
});
export type Inside = z.infer<typeof inside>;

/** From the process under test. */
export const report = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('loaded') }),
  z.object({ kind: z.literal('sample'), sample: inside, probes: z.array(probed) }),
  z.object({ kind: z.literal('closed'), sample: inside, unfinished: z.number(), milliseconds: z.number() }),
]);
export type Report = z.infer<typeof report>;

/** To the process under test. After `leave` it is to end by itself. */
export const order = z.enum(['start', 'close', 'leave']);
export type Order = z.infer<typeof order>;
