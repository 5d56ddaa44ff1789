import type { ConnectionInfo } from '../domain/connection.ts';
import type { DayUse } from '../domain/day-use.ts';
import { LOGIN_MODES, LOGIN_OUTCOMES, LOGIN_VARIABLES, type LoginEnvironment } from '../domain/login.ts';
import type { Machine } from '../domain/machine.ts';
import type { Server } from '../domain/server.ts';
import type { Session, Tokens, Turn } from '../domain/session.ts';
import { type ConfirmedDatabase, RUNGS, type Snapshot } from '../domain/snapshot.ts';
import * as shape from '../lib/shape.ts';

const VERSION = 1;
/** Returned by `decodeSnapshot` for a file that a newer version wrote. */
export const NEWER_VERSION = 'newer version';

const { flag, listOf, number, objectOf, oneOf, optional, orNull, text } = shape;

const TURNS: readonly Turn[] = ['ended', 'open', 'queued', 'failed', 'unknown'];

const tokens = objectOf({
  input: number,
  output: number,
  reasoning: number,
  cacheRead: number,
  cacheWrite: number,
} satisfies Record<keyof Tokens, shape.Shape>);

const dayUse = objectOf({
  since: number,
  cost: number,
  tokensIn: number,
  tokensOut: number,
  cached: number,
  turns: number,
} satisfies Record<keyof DayUse, shape.Shape>);

const session = objectOf({
  id: text,
  parentId: optional(text),
  title: text,
  directory: text,
  project: text,
  endedAt: optional(number),
  created: number,
  updated: number,
  archived: optional(number),
  error: optional(text),
  agent: optional(text),
  model: optional(text),
  messages: optional(number),
  cost: optional(number),
  additions: optional(number),
  deletions: optional(number),
  files: optional(number),
  tokens: orNull(tokens),
  today: optional(dayUse),
  turn: oneOf(TURNS),
} satisfies Record<keyof Session, shape.Shape>);

const connection = objectOf({
  kind: oneOf(['ssh2', 'openssh', 'local', 'url']),
  reason: orNull(text),
  notes: listOf(text),
  warning: optional(objectOf({ text, at: number })),
} satisfies Record<keyof ConnectionInfo, shape.Shape>);

const server = objectOf({
  pid: number,
  startId: text,
  hostname: text,
  port: number,
  directory: orNull(text),
  version: orNull(text),
  own: flag,
  url: optional(text),
} satisfies Record<keyof Server, shape.Shape>);

const login = objectOf({
  shell: text,
  asked: listOf(objectOf({ mode: oneOf(LOGIN_MODES), outcome: oneOf(LOGIN_OUTCOMES) })),
  mode: orNull(oneOf(LOGIN_MODES)),
  path: orNull(text),
  opencode: orNull(text),
  variables: objectOf(Object.fromEntries(LOGIN_VARIABLES.map((name) => [name, optional(text)]))),
  duration: number,
  profiles: text,
  readAt: number,
} satisfies Record<keyof LoginEnvironment, shape.Shape>);

const machine = objectOf({
  load: orNull(number),
  cpus: orNull(number),
  memoryTotal: orNull(number),
  memoryUsed: orNull(number),
} satisfies Record<keyof Machine, shape.Shape>);

const confirmed = objectOf({
  path: text,
  identity: text,
  login: text,
} satisfies Record<keyof ConfirmedDatabase, shape.Shape>);

const rung = oneOf(RUNGS);
const snapshot = objectOf({
  at: number,
  readAt: number,
  latency: number,
  clockOffset: number,
  clock: optional(objectOf({ bootedAt: orNull(number), zone: number })),
  opencode: objectOf({ path: text, version: orNull(text), identity: text }),
  rung: orNull(rung),
  passedOver: listOf(objectOf({ rung, reason: text })),
  databasePath: orNull(text),
  doubt: optional(text),
  fingerprint: orNull(text),
  processes: orNull(number),
  confirmed: optional(confirmed),
  candidates: optional(number),
  wrapped: optional(flag),
  login: optional(login),
  servers: optional(listOf(server)),
  machine: optional(machine),
  connection: optional(connection),
  sessions: listOf(session),
} satisfies Record<keyof Snapshot, shape.Shape>);
const wrongPart = objectOf({ version: oneOf([VERSION]), alias: text, snapshot });

/** Defaults of the fields that earlier versions did not write. */
const LATER_FIELDS = {
  clock: null,
  doubt: null,
  confirmed: null,
  candidates: 1,
  wrapped: false,
  login: null,
  servers: [],
  connection: null,
} satisfies Partial<Snapshot>;

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
  const { version } = (json ?? {}) as { version?: unknown };
  if (typeof version === 'number' && version > VERSION) return NEWER_VERSION;
  const wrong = wrongPart(json);
  if (wrong !== null) return `unexpected ${wrong || 'content'}`;
  const file = json as { readonly alias: string; readonly snapshot: Snapshot };
  return file.alias === alias ? { ...LATER_FIELDS, ...file.snapshot } : null;
}
