import { z } from 'zod';
import { RUNGS, type Snapshot } from '../domain/snapshot.ts';

const VERSION = 1;
/** What `decodeSnapshot` says of a file that a newer version wrote. */
export const NEWER_VERSION = 'newer version';

const optionalNumber = z.number().nullable();
const optionalText = z.string().nullable();
const rung = z.enum(RUNGS);

const sessionSchema = z.object({
  id: z.string(),
  parentId: optionalText,
  title: z.string(),
  directory: z.string(),
  project: z.string(),
  created: z.number(),
  updated: z.number(),
  archived: optionalNumber,
  turn: z.enum(['ended', 'open', 'failed', 'unknown']),
  error: optionalText,
  agent: optionalText,
  model: optionalText,
  messages: optionalNumber,
  cost: optionalNumber,
  tokens: z
    .object({
      input: z.number(),
      output: z.number(),
      reasoning: z.number(),
      cacheRead: z.number(),
      cacheWrite: z.number(),
    })
    .nullable(),
  additions: optionalNumber,
  deletions: optionalNumber,
  files: optionalNumber,
});

const snapshotSchema = z.object({
  at: z.number(),
  readAt: z.number(),
  latency: z.number(),
  clockOffset: z.number(),
  opencode: z.object({ path: z.string(), version: optionalText, identity: z.string() }),
  rung: rung.nullable(),
  passedOver: z.array(z.object({ rung, reason: z.string() })),
  databasePath: optionalText,
  fingerprint: optionalText,
  processes: optionalNumber,
  sessions: z.array(sessionSchema),
});
const fileSchema = z.object({ version: z.literal(VERSION), alias: z.string(), snapshot: snapshotSchema });

export function encodeSnapshot(alias: string, snapshot: Snapshot): string {
  return JSON.stringify({ version: VERSION, alias, snapshot });
}

/** The snapshot in a file's text; what is wrong with it; or `null` when it is of another host. */
export function decodeSnapshot(text: string, alias: string): Snapshot | string | null {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return 'not JSON';
  }
  const version = z.object({ version: z.number() }).safeParse(json);
  if (version.success && version.data.version > VERSION) return NEWER_VERSION;
  const file = fileSchema.safeParse(json);
  if (!file.success) return `unexpected ${file.error.issues[0]?.path.join('.') || 'content'}`;
  return file.data.alias === alias ? file.data.snapshot : null;
}
