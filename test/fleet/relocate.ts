import { DatabaseSync } from 'node:sqlite';
import type { SeededSession } from './seed-home.ts';

/**
 * Makes an opencode database that was written in one home belong to another one, and its sessions as old as they shall look.
 * @param from absolute path of the old home, a string that occurs in the database only as that path
 * @param now epoch ms
 */
export function relocateDatabase(
  path: string,
  from: string,
  to: string,
  sessions: readonly SeededSession[],
  now: number,
): void {
  const database = new DatabaseSync(path);
  try {
    database.exec('PRAGMA foreign_keys = OFF; BEGIN');
    replaceEverywhere(database, from.slice(1), to.slice(1));
    for (const { id, age } of sessions) setAge(database, id, now - age * 60_000);
    database.exec('COMMIT; PRAGMA wal_checkpoint(TRUNCATE)');
  } finally {
    database.close();
  }
}

/**
 * Paths occur in columns, in JSON inside columns and, for plain folders (session.path), without the leading slash: so every
 * text column of every table is searched for the path without it.
 */
function replaceEverywhere(database: DatabaseSync, from: string, to: string): void {
  const columns = database
    .prepare(
      `SELECT tables.name AS "table", columns.name AS "column" FROM sqlite_schema AS tables, pragma_table_info(tables.name) AS columns
       WHERE tables.type = 'table' AND tables.name NOT LIKE 'sqlite_%' AND lower(columns.type) = 'text'`,
    )
    .all();
  for (const { table, column } of columns) {
    database
      .prepare(`UPDATE "${table}" SET "${column}" = replace("${column}", ?, ?) WHERE instr("${column}", ?)`)
      .run(from, to, from);
  }
}

/** Moves a session with its messages in time, so that its last change was at `updated` (epoch ms). */
function setAge(database: DatabaseSync, id: string, updated: number): void {
  const row = database.prepare('SELECT time_updated AS updated FROM session WHERE id = ?').get(id);
  const shift = updated - Number(row?.updated ?? updated);
  const columns = 'time_created = time_created + :shift, time_updated = time_updated + :shift';
  database
    .prepare(`UPDATE session SET ${columns}, time_archived = time_archived + :shift WHERE id = :id`)
    .run({ id, shift });
  for (const [table, paths] of Object.entries({
    message: ['$.time.created', '$.time.completed'],
    part: ['$.time.start', '$.time.end'],
  })) {
    // node:sqlite binds numbers as reals, which JSON would show as 1.0.
    const json = paths.map((path) => `'${path}', CAST(json_extract(data, '${path}') + :shift AS INTEGER)`).join(', ');
    database
      .prepare(`UPDATE ${table} SET ${columns}, data = json_replace(data, ${json}) WHERE session_id = :id`)
      .run({ id, shift });
  }
}
