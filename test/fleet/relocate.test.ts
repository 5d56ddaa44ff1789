import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, expect, test } from 'vitest';
import { relocateDatabase } from './relocate.ts';

const folder = mkdtempSync(join(tmpdir(), 'relocate-'));
const path = join(folder, 'opencode.db');
afterEach(() => rmSync(folder, { recursive: true }));

const now = 1_800_000_000_000;

/** The columns that a relocation is about, as opencode writes them in the home /old/home. */
function createDatabase(): void {
  const database = new DatabaseSync(path);
  database.exec(`
    CREATE TABLE session (id text, directory text, path text, time_created integer, time_updated integer, time_archived integer);
    CREATE TABLE message (session_id text, time_created integer, time_updated integer, data text);
    CREATE TABLE part (session_id text, time_created integer, time_updated integer, data text);
    INSERT INTO session VALUES ('one', '/old/home/work/api', '', 1000, 5000, NULL);
    INSERT INTO session VALUES ('two', '/old/home/notes', 'old/home/notes', 1000, 9000, 9000);
    INSERT INTO message VALUES ('one', 2000, 2000, '{"path":{"cwd":"/old/home/work/api"},"time":{"created":2000}}');
    INSERT INTO part VALUES ('one', 2000, 3000, '{"type":"text","text":"elsewhere/older/home","time":{"start":2000,"end":3000}}');
  `);
  database.close();
}

test('paths change wherever they occur, ages become what they shall be, all else stays', () => {
  createDatabase();
  relocateDatabase(path, '/old/home', '/new', [{ id: 'one', age: 10 }], now);

  const database = new DatabaseSync(path, { readOnly: true });
  const all = (table: string) => database.prepare(`SELECT * FROM ${table}`).all();
  const updated = now - 600_000;
  expect(all('session')).toMatchObject([
    { directory: '/new/work/api', path: '', time_created: updated - 4000, time_updated: updated, time_archived: null },
    { directory: '/new/notes', path: 'new/notes', time_created: 1000, time_updated: 9000, time_archived: 9000 },
  ]);
  const data = (table: string) => String(all(table)[0]?.data);
  expect(data('message')).toBe(`{"path":{"cwd":"/new/work/api"},"time":{"created":${updated - 3000}}}`);
  expect(data('part')).toContain('"text":"elsewhere/older/home"');
  expect(data('part')).toContain(`"time":{"start":${updated - 3000},"end":${updated - 2000}}`);
  database.close();
});
