/** Milliseconds by which the time of a session may lag behind its messages: a turn may work for hours after its prompt. */
const LAG_MS = 24 * 60 * 60_000;

/**
 * Selects every session from opencode's database (schema of 1.18), one row each: see `SessionRow`. Reads only a few
 * small fields of messages, since a message's JSON can hold whole diffs.
 * @param dayAge milliseconds since the midnight from which each session's use is summed up; `null` sums nothing. An age, since the host's clock may differ
 */
export function sessionSql(dayAge: number | null): string {
  const today = dayAge === null ? '' : `,\n${todayColumn(Math.max(0, Math.round(dayAge)))}`;
  return `${SESSION_COLUMNS}${today}\n${FROM_SESSIONS}`.replaceAll('\n', ' ');
}

/** JSON `[cost, input, output, reasoning, cache read, cache write, prompts]`; `null` for sessions without use. Reads the index by session and time. */
function todayColumn(age: number): string {
  const midnight = `strftime('%s', 'now') * 1000 - ${age}`;
  const total = (path: string) => `total(json_extract(m.data, '$.${path}'))`;
  const sums = ['cost', 'tokens.input', 'tokens.output', 'tokens.reasoning', 'tokens.cache.read', 'tokens.cache.write'];
  return `CASE WHEN s.time_updated >= ${midnight} - ${LAG_MS} THEN
(SELECT CASE WHEN count(*) > 0 THEN json_array(${sums.map(total).join(', ')},
total(json_extract(m.data, '$.role') = 'user')) END
FROM message m WHERE m.session_id = s.id AND m.time_created >= ${midnight}) END AS today`;
}

const SESSION_COLUMNS = `SELECT s.id AS id, s.parent_id AS parent, s.directory AS directory, s.title AS title,
s.time_created AS created, s.time_updated AS updated, s.time_archived AS archived, p.worktree AS worktree,
s.agent AS agent, s.model AS model, s.cost AS cost, s.tokens_input AS t_in, s.tokens_output AS t_out,
s.tokens_reasoning AS t_reason, s.tokens_cache_read AS t_read, s.tokens_cache_write AS t_write,
s.summary_additions AS additions, s.summary_deletions AS deletions, s.summary_files AS files,
(SELECT count(*) FROM message m WHERE m.session_id = s.id) AS messages,
(SELECT json_extract(m.data, '$.role', '$.time.completed', '$.error.name') FROM message m
WHERE m.session_id = s.id ORDER BY m.time_created DESC, m.id DESC LIMIT 1) AS last`;

const FROM_SESSIONS = 'FROM session s LEFT JOIN project p ON p.id = s.project_id';

/** The columns that every version with a database has: for older schemas, and for `enrich_from_db: false`. */
export const CORE_SESSION_SQL = `SELECT s.id AS id, s.parent_id AS parent, s.directory AS directory, s.title AS title,
s.time_created AS created, s.time_updated AS updated, s.time_archived AS archived, p.worktree AS worktree
${FROM_SESSIONS}`.replaceAll('\n', ' ');

/** Session tables of 1.18. Any other session table belongs to an opencode whose sessions we cannot read. */
const KNOWN_TABLES = ['session', 'session_share', 'session_message', 'session_input', 'session_context_epoch'];

/** Selects one row with the names of unknown session tables; no row if there are none. */
export const UNKNOWN_TABLES_SQL =
  `SELECT ocr_tables FROM (SELECT group_concat(name, ', ') AS ocr_tables FROM sqlite_master
WHERE type = 'table' AND name LIKE '%session%' AND name NOT IN (${KNOWN_TABLES.map((name) => `'${name}'`).join(', ')}))
WHERE ocr_tables IS NOT NULL`.replaceAll('\n', ' ');
