import * as z from 'zod';
import type { FileChange, TodoItem, TranscriptMessage } from '../domain/transcript.ts';
import { joinChanges } from './server/read-changes.ts';
import { parseChanges, parseMessages, parseTodos } from './server/transcript-shape.ts';

/** A query and the parser of its rows, which throws a ZodError or a SyntaxError on an unknown shape. */
export interface ContentQuery<Value> {
  readonly sql: string;
  parse(rows: unknown): Value;
}

/** Messages searched for changes. */
const MAX_MESSAGES_WITH_CHANGES = 200;

const contentRows = z.array(
  z.object({ kind: z.enum(['message', 'part']), id: z.string(), of: z.string(), data: z.string() }),
);
const changeRows = z.array(z.object({ diffs: z.string() }));

/** Reads the newest `limit` messages of a session from the database (schema of 1.18), oldest first, as its server would. */
export function messagesQuery(sessionId: string, limit: number): ContentQuery<readonly TranscriptMessage[]> {
  const newest = newestMessages(sessionId, limit);
  return {
    sql: `SELECT 'message' AS kind, id, id AS "of", data, time_created AS at FROM (${newest})
UNION ALL SELECT 'part', p.id, p.message_id, p.data, 0 FROM part p JOIN (${newest}) n ON n.id = p.message_id ORDER BY at, id`,
    parse(value) {
      const rows = contentRows
        .parse(value)
        .map(({ kind, id, of, data }) => ({ kind, of, content: { ...parseObject(data), id } }));
      const parts = Map.groupBy(
        rows.filter(({ kind }) => kind === 'part'),
        ({ of }) => of,
      );
      return parseMessages(
        rows
          .filter(({ kind }) => kind === 'message')
          .map(({ of, content }) => ({ info: content, parts: (parts.get(of) ?? []).map((part) => part.content) })),
      );
    },
  };
}

export function todosQuery(sessionId: string): ContentQuery<readonly TodoItem[]> {
  const sql = `SELECT content, status, priority FROM todo WHERE session_id = ${quoteText(sessionId)} ORDER BY position`;
  return { sql, parse: parseTodos };
}

/** Reads the changes stored with each prompt, and merges them by file. */
export function changesQuery(sessionId: string): ContentQuery<readonly FileChange[]> {
  return {
    sql: `SELECT json_extract(data, '$.summary.diffs') AS diffs FROM (${newestMessages(sessionId, MAX_MESSAGES_WITH_CHANGES)})
WHERE json_array_length(data, '$.summary.diffs') > 0 ORDER BY time_created, id`,
    parse: (rows) => joinChanges(changeRows.parse(rows).flatMap(({ diffs }) => parseChanges(JSON.parse(diffs)))),
  };
}

function newestMessages(sessionId: string, limit: number): string {
  return `SELECT id, data, time_created FROM message WHERE session_id = ${quoteText(sessionId)}
ORDER BY time_created DESC, id DESC LIMIT ${Math.trunc(limit)}`;
}

function parseObject(text: string): Record<string, unknown> {
  return z.record(z.string(), z.unknown()).parse(JSON.parse(text));
}

function quoteText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
