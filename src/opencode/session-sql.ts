/**
 * Selects every session from opencode's database (schema of 1.18), one row each: see `sessionRowSchema`. Reads only
 * three small fields of the last message, since a message's JSON can hold whole diffs.
 */
export const SESSION_SQL = `SELECT s.id AS id, s.parent_id AS parent, s.directory AS directory, s.title AS title,
s.time_created AS created, s.time_updated AS updated, s.time_archived AS archived, p.worktree AS worktree,
s.agent AS agent, s.model AS model, s.cost AS cost, s.tokens_input AS t_in, s.tokens_output AS t_out,
s.tokens_reasoning AS t_reason, s.tokens_cache_read AS t_read, s.tokens_cache_write AS t_write,
s.summary_additions AS additions, s.summary_deletions AS deletions, s.summary_files AS files,
(SELECT count(*) FROM message m WHERE m.session_id = s.id) AS messages,
(SELECT json_extract(m.data, '$.role', '$.time.completed', '$.error.name') FROM message m
WHERE m.session_id = s.id ORDER BY m.time_created DESC, m.id DESC LIMIT 1) AS last
FROM session s LEFT JOIN project p ON p.id = s.project_id`.replaceAll('\n', ' ');

/** The columns that every version with a database has: for older schemas, and for `enrich_from_db: false`. */
export const CORE_SESSION_SQL = `SELECT s.id AS id, s.parent_id AS parent, s.directory AS directory, s.title AS title,
s.time_created AS created, s.time_updated AS updated, s.time_archived AS archived, p.worktree AS worktree
FROM session s LEFT JOIN project p ON p.id = s.project_id`.replaceAll('\n', ' ');

/** Session tables of 1.18. Any other session table belongs to an opencode whose sessions we cannot read. */
const KNOWN_TABLES = ['session', 'session_share', 'session_message', 'session_input', 'session_context_epoch'];

/** Selects one row with the names of unknown session tables; no row if there are none. */
export const UNKNOWN_TABLES_SQL =
  `SELECT ocr_tables FROM (SELECT group_concat(name, ', ') AS ocr_tables FROM sqlite_master
WHERE type = 'table' AND name LIKE '%session%' AND name NOT IN (${KNOWN_TABLES.map((name) => `'${name}'`).join(', ')}))
WHERE ocr_tables IS NOT NULL`.replaceAll('\n', ' ');
