import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { onTestFinished } from 'vitest';
import { quoteArgument } from '../../src/lib/shell-quote.ts';
import { LocalTransport } from '../../src/transport/child/local-transport.ts';
import { makeTempDir } from './temp-dir.ts';

/** The tables of opencode's database as far as they are read. */
export const SCHEMA = `
CREATE TABLE project (id TEXT PRIMARY KEY, worktree TEXT NOT NULL);
CREATE TABLE session (id TEXT PRIMARY KEY, project_id TEXT, parent_id TEXT, directory TEXT, title TEXT,
  time_created INTEGER, time_updated INTEGER, time_archived INTEGER, agent TEXT, model TEXT, cost REAL,
  tokens_input INTEGER, tokens_output INTEGER, tokens_reasoning INTEGER, tokens_cache_read INTEGER,
  tokens_cache_write INTEGER, summary_additions INTEGER, summary_deletions INTEGER, summary_files INTEGER);
CREATE TABLE message (id TEXT PRIMARY KEY, session_id TEXT, time_created INTEGER, data TEXT);
INSERT INTO project VALUES ('p1', '/srv/shop'), ('global', '/');
`;
/** The tables as they were before agents, costs and messages. */
export const OLDER_SCHEMA = `
CREATE TABLE project (id TEXT PRIMARY KEY, worktree TEXT NOT NULL);
CREATE TABLE session (id TEXT PRIMARY KEY, project_id TEXT, parent_id TEXT, directory TEXT, title TEXT,
  time_created INTEGER, time_updated INTEGER, time_archived INTEGER);
INSERT INTO project VALUES ('p1', '/srv/shop');
INSERT INTO session VALUES ('ses_old', 'p1', NULL, '/srv/shop', 'Old', 1, 2, NULL);
`;

/** A home folder with a fake opencode and, once there is a schema, its database. */
export class OpencodeHome {
  readonly home: string;
  readonly program: string;
  readonly database: string;

  constructor(home: string) {
    this.home = home;
    this.program = join(home, '.opencode', 'bin', 'opencode');
    this.database = join(home, '.local', 'share', 'opencode', 'opencode.db');
  }

  static async create(name?: string): Promise<OpencodeHome> {
    const made = new OpencodeHome(await makeTempDir(name));
    await mkdir(join(made.home, '.opencode', 'bin'), { recursive: true });
    await mkdir(join(made.home, '.local', 'share', 'opencode'), { recursive: true });
    await made.install('exit 1');
    return made;
  }

  /** Puts a shell script in the place of opencode. */
  async install(script: string): Promise<void> {
    await writeFile(this.program, `#!/bin/sh\n${script}\n`);
    await chmod(this.program, 0o755);
  }

  /** Puts an opencode there that answers `opencode db SQL --format json` from the database. */
  async installDatabaseCommand(): Promise<void> {
    const script = join(this.home, 'query.mjs');
    await writeFile(
      script,
      `import { DatabaseSync } from 'node:sqlite';
const rows = new DatabaseSync(${JSON.stringify(this.database)}, { readOnly: true }).prepare(process.argv[3]).all();
console.log(JSON.stringify(rows));`,
    );
    await this.install(`exec ${[process.execPath, '--no-warnings', script].map(quoteArgument).join(' ')} "$@"`);
  }

  /** Runs SQL on the database, which is made with it. */
  query(sql: string): void {
    const database = new DatabaseSync(this.database);
    database.exec(sql);
    database.close();
  }

  insertSession(id: string, values: Record<string, string | number | null> = {}): void {
    const row = {
      id,
      project_id: 'p1',
      directory: '/srv/shop',
      title: id,
      time_created: 1,
      time_updated: 2,
      ...values,
    };
    const database = new DatabaseSync(this.database);
    const names = Object.keys(row);
    database
      .prepare(`INSERT INTO session (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`)
      .run(...Object.values(row));
    database.close();
  }

  insertMessage(id: string, session: string, created: number, data: object): void {
    const database = new DatabaseSync(this.database);
    database.prepare('INSERT INTO message VALUES (?, ?, ?, ?)').run(id, session, created, JSON.stringify(data));
    database.close();
  }

  /** Runs scripts in one shell whose home this is and that knows of no other opencode. */
  async openShell(environment = ''): Promise<(script: string) => Promise<{ output: string; latency: number }>> {
    const transport = new LocalTransport();
    onTestFinished(() => transport.close());
    const { signal } = new AbortController();
    const shell = await transport.shell(signal);
    const run = (script: string) => shell.run(script, { signal, idleTimeout: 20_000, maxBytes: 50_000_000 });
    await run(`HOME=${quoteArgument(this.home)}; export HOME; SHELL=; unset XDG_DATA_HOME OPENCODE_DB; ${environment}`);
    return run;
  }
}
