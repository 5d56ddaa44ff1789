import { z } from 'zod';
import { projectOf, type Session, type Tokens, type Turn } from '../domain/session.ts';

const count = z.number().nullish();

/** A row of SESSION_SQL; with CORE_SESSION_SQL the fields from `agent` on are missing. */
const sessionRowSchema = z.object({
  id: z.string().min(1),
  parent: z.string().nullish(),
  directory: z.string(),
  title: z.string(),
  created: z.number(),
  updated: z.number(),
  archived: count,
  worktree: z.string().nullish(),
  agent: z.string().nullish(),
  model: z.string().nullish(),
  cost: count,
  t_in: count,
  t_out: count,
  t_reason: count,
  t_read: count,
  t_write: count,
  additions: count,
  deletions: count,
  files: count,
  messages: count,
  /** JSON `[role, time completed, error name]` of the last message. */
  last: z.string().nullish(),
});
type SessionRow = z.infer<typeof sessionRowSchema>;

const rowsSchema = z.array(sessionRowSchema);
const lastSchema = z.tuple([z.string().nullable(), z.number().nullable(), z.string().nullable()]);
const modelSchema = z.object({ id: z.string(), providerID: z.string() });

/** A turn that the person stopped has not failed. */
const STOPPED_BY_PERSON = 'MessageAbortedError';

/** Parses the JSON rows that a database rung printed (nothing at all means no rows). Throws when it is not such rows. */
export function parseSessionRows(text: string): Session[] {
  const trimmed = text.trim();
  if (trimmed === '') return [];
  return rowsSchema.parse(JSON.parse(trimmed)).map(sessionOfRow);
}

function sessionOfRow(row: SessionRow): Session {
  return {
    id: row.id,
    parentId: row.parent ?? null,
    title: row.title,
    directory: row.directory,
    project: projectOf(row.worktree ?? null, row.directory),
    created: row.created,
    updated: row.updated,
    archived: row.archived ?? null,
    ...turnOf(row),
    agent: row.agent ?? null,
    model: modelOf(row.model ?? null),
    messages: row.messages ?? null,
    cost: row.cost ?? null,
    tokens: tokensOf(row),
    additions: row.additions ?? null,
    deletions: row.deletions ?? null,
    files: row.files ?? null,
  };
}

function turnOf(row: SessionRow): { turn: Turn; error: string | null } {
  if (row.messages === undefined || row.messages === null) return { turn: 'unknown', error: null };
  if (row.last === undefined || row.last === null) return { turn: 'ended', error: null };
  const last = lastSchema.safeParse(JSON.parse(row.last));
  if (!last.success) return { turn: 'unknown', error: null };
  const [role, completed, error] = last.data;
  if (error !== null && error !== STOPPED_BY_PERSON) return { turn: 'failed', error };
  if (role === 'user' || (role === 'assistant' && completed === null && error === null)) return { turn: 'open', error };
  return { turn: 'ended', error };
}

/** The column holds JSON `{id, providerID}`. */
function modelOf(text: string | null): string | null {
  if (text === null || text === '') return null;
  try {
    const { id, providerID } = modelSchema.parse(JSON.parse(text));
    return `${providerID}/${id}`;
  } catch {
    return text;
  }
}

function tokensOf(row: SessionRow): Tokens | null {
  if (row.t_in === undefined || row.t_in === null) return null;
  return {
    input: row.t_in,
    output: row.t_out ?? 0,
    reasoning: row.t_reason ?? 0,
    cacheRead: row.t_read ?? 0,
    cacheWrite: row.t_write ?? 0,
  };
}
