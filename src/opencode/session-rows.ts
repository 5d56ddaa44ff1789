import * as z from 'zod';
import type { DayUse } from '../domain/day-use.ts';
import { possibleTime } from '../domain/possible-time.ts';
import { projectOf, type Session, type Tokens } from '../domain/session.ts';
import * as shape from '../lib/shape.ts';

/** A row of `sessionSql`; with CORE_SESSION_SQL the fields from `agent` on are missing. */
interface SessionRow {
  readonly id: string;
  readonly parent?: string | null;
  readonly directory: string;
  readonly title: string;
  readonly created: number;
  readonly updated: number;
  readonly archived?: number | null;
  readonly worktree?: string | null;
  readonly agent?: string | null;
  readonly model?: string | null;
  readonly cost?: number | null;
  readonly t_in?: number | null;
  readonly t_out?: number | null;
  readonly t_reason?: number | null;
  readonly t_read?: number | null;
  readonly t_write?: number | null;
  readonly additions?: number | null;
  readonly deletions?: number | null;
  readonly files?: number | null;
  readonly messages?: number | null;
  /** JSON `[role, time completed, error name]` of the last message. */
  readonly last?: string | null;
  /** JSON `[cost, input, output, reasoning, cache read, cache write, prompts]` since midnight. */
  readonly today?: string | null;
}

const ROW_FIELDS: Readonly<Record<keyof SessionRow, shape.Shape>> = {
  id: shape.text,
  parent: shape.optional(shape.text),
  directory: shape.text,
  title: shape.text,
  created: shape.number,
  updated: shape.number,
  archived: shape.optional(shape.number),
  worktree: shape.optional(shape.text),
  agent: shape.optional(shape.text),
  model: shape.optional(shape.text),
  cost: shape.optional(shape.number),
  t_in: shape.optional(shape.number),
  t_out: shape.optional(shape.number),
  t_reason: shape.optional(shape.number),
  t_read: shape.optional(shape.number),
  t_write: shape.optional(shape.number),
  additions: shape.optional(shape.number),
  deletions: shape.optional(shape.number),
  files: shape.optional(shape.number),
  messages: shape.optional(shape.number),
  last: shape.optional(shape.text),
  today: shape.optional(shape.text),
};
const wrongField = shape.objectOf(ROW_FIELDS);

const todaySchema = z.tuple([z.number(), z.number(), z.number(), z.number(), z.number(), z.number(), z.number()]);
const lastSchema = z.tuple([z.string().nullable(), z.number().nullable(), z.string().nullable()]);
const modelSchema = z.object({ id: z.string(), providerID: z.string() });

/** A turn that the user stopped has not failed. */
const STOPPED_BY_USER = 'MessageAbortedError';

/**
 * Parses the JSON rows that a database rung printed (nothing at all means no rows). Throws when it is not such rows.
 * @param since the midnight from which each session's use was summed up, epoch milliseconds of this machine's clock
 */
export function parseSessionRows(text: string, since = 0): Session[] {
  const trimmed = text.trim();
  if (trimmed === '') return [];
  const rows: unknown = JSON.parse(trimmed);
  if (!Array.isArray(rows)) throw new TypeError('not a list of rows');
  return rows.map((row) => sessionOfRow(checkRow(row), since));
}

function checkRow(row: unknown): SessionRow {
  const wrong = wrongField(row);
  if (wrong !== null) throw new TypeError(`a row with an unexpected ${wrong || 'content'}`);
  return row as SessionRow;
}

function sessionOfRow(row: SessionRow, since: number): Session {
  return {
    id: row.id,
    parentId: row.parent ?? null,
    title: row.title,
    directory: row.directory,
    project: projectOf(row.worktree ?? null, row.directory),
    created: possibleTime(row.created),
    updated: possibleTime(row.updated),
    // opencode takes a session out of the archive by writing 0.
    archived: row.archived ? possibleTime(row.archived) : null,
    ...turnOf(row),
    agent: row.agent ?? null,
    model: modelOf(row.model ?? null),
    messages: row.messages ?? null,
    cost: row.cost ?? null,
    tokens: tokensOf(row),
    today: todayOf(row, since),
    additions: row.additions ?? null,
    deletions: row.deletions ?? null,
    files: row.files ?? null,
  };
}

function turnOf(row: SessionRow): Pick<Session, 'turn' | 'error' | 'endedAt'> {
  if (row.messages === undefined || row.messages === null) return { turn: 'unknown', error: null };
  if (row.last === undefined || row.last === null) return { turn: 'ended', error: null };
  const last = lastSchema.safeParse(JSON.parse(row.last));
  if (!last.success) return { turn: 'unknown', error: null };
  const [role, completed, error] = last.data;
  const ended = role === 'assistant' && completed !== null ? { endedAt: possibleTime(completed) } : {};
  if (error !== null && error !== STOPPED_BY_USER) return { turn: 'failed', error, ...ended };
  if (role === 'user') return { turn: 'queued', error: null };
  if (role === 'assistant' && completed === null && error === null) return { turn: 'open', error };
  return { turn: 'ended', error, ...ended };
}

function todayOf({ today }: SessionRow, since: number): DayUse | null | undefined {
  if (today === undefined || today === null) return today;
  const [cost, input, output, reasoning, cached, written, turns] = todaySchema.parse(JSON.parse(today));
  return { since, cost, tokensIn: input + cached + written, tokensOut: output + reasoning, cached, turns };
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
