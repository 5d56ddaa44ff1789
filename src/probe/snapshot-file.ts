import * as z from 'zod';
import type { ConnectionInfo } from '../domain/connection.ts';
import { LOGIN_MODES, LOGIN_OUTCOMES, LOGIN_VARIABLES, type LoginEnvironment } from '../domain/login.ts';
import type { Server } from '../domain/server.ts';
import type { Session, Tokens, Turn } from '../domain/session.ts';
import { type ConfirmedDatabase, RUNGS, type Snapshot } from '../domain/snapshot.ts';
import { createShapeCheck, type FieldKind } from '../lib/shape.ts';

const VERSION = 1;
/** Returned by `decodeSnapshot` for a file that a newer version wrote. */
export const NEWER_VERSION = 'newer version';

const optionalNumber = z.number().nullable();
const optionalText = z.string().nullable();
const rung = z.enum(RUNGS);

/** All fields of a session but its tokens and its turn, which are not of one simple kind. */
const SESSION_FIELDS: Readonly<Record<Exclude<keyof Session, 'tokens' | 'turn'>, FieldKind>> = {
  id: 'text',
  parentId: 'text?',
  title: 'text',
  directory: 'text',
  project: 'text',
  endedAt: 'number?',
  created: 'number',
  updated: 'number',
  archived: 'number?',
  error: 'text?',
  agent: 'text?',
  model: 'text?',
  messages: 'number?',
  cost: 'number?',
  additions: 'number?',
  deletions: 'number?',
  files: 'number?',
};
const TOKEN_FIELDS: Readonly<Record<keyof Tokens, FieldKind>> = {
  input: 'number',
  output: 'number',
  reasoning: 'number',
  cacheRead: 'number',
  cacheWrite: 'number',
};
const TURNS: ReadonlySet<unknown> = new Set<Turn>(['ended', 'open', 'queued', 'failed', 'unknown']);
const wrongSessionField = createShapeCheck(SESSION_FIELDS);
const wrongTokenField = createShapeCheck(TOKEN_FIELDS);

function isSession(value: unknown): value is Session {
  if (wrongSessionField(value) !== null) return false;
  const { tokens, turn } = value as Partial<Session>;
  return TURNS.has(turn) && (tokens === null || wrongTokenField(tokens) === null);
}

const connectionSchema: z.ZodType<ConnectionInfo> = z.object({
  kind: z.enum(['ssh2', 'openssh', 'local']),
  reason: optionalText,
  notes: z.array(z.string()),
  warning: z.object({ text: z.string(), at: z.number() }).nullish(),
});

const serverSchema: z.ZodType<Server> = z.object({
  pid: z.number(),
  startId: z.string(),
  hostname: z.string(),
  port: z.number(),
  directory: optionalText,
  version: optionalText,
  own: z.boolean(),
});

const loginSchema: z.ZodType<LoginEnvironment> = z.object({
  shell: z.string(),
  asked: z.array(z.object({ mode: z.enum(LOGIN_MODES), outcome: z.enum(LOGIN_OUTCOMES) })),
  mode: z.enum(LOGIN_MODES).nullable(),
  path: optionalText,
  opencode: optionalText,
  variables: z.partialRecord(z.enum(LOGIN_VARIABLES), z.string()),
  duration: z.number(),
  profiles: z.string(),
  readAt: z.number(),
});

const confirmedSchema: z.ZodType<ConfirmedDatabase> = z.object({
  path: z.string(),
  identity: z.string(),
  login: z.string(),
});

const snapshotSchema = z.object({
  at: z.number(),
  readAt: z.number(),
  latency: z.number(),
  clockOffset: z.number(),
  clock: z.object({ bootedAt: optionalNumber, zone: z.number() }).nullable().default(null),
  opencode: z.object({ path: z.string(), version: optionalText, identity: z.string() }),
  rung: rung.nullable(),
  passedOver: z.array(z.object({ rung, reason: z.string() })),
  databasePath: optionalText,
  doubt: optionalText.default(null),
  fingerprint: optionalText,
  processes: optionalNumber,
  // Earlier versions wrote none of these.
  confirmed: confirmedSchema.nullable().default(null),
  candidates: z.number().default(1),
  wrapped: z.boolean().default(false),
  login: loginSchema.nullable().default(null),
  servers: z.array(serverSchema).default([]),
  connection: connectionSchema.nullable().default(null),
  sessions: z.custom<Session[]>((value) => Array.isArray(value) && value.every(isSession)),
});
const fileSchema = z.object({ version: z.literal(VERSION), alias: z.string(), snapshot: snapshotSchema });

export function encodeSnapshot(alias: string, snapshot: Snapshot): string {
  return JSON.stringify({ version: VERSION, alias, snapshot });
}

/** Returns the snapshot in a file's text, or what is wrong with it, or `null` if it is of another host. */
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
