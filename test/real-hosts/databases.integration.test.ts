import { execFileSync } from 'node:child_process';
import { chmod, cp, mkdir, readFile, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { databasePath } from '../fleet/home.ts';
import { findLabCapabilities } from '../ssh-lab/capabilities.ts';
import { type Lab, startLab } from '../ssh-lab/lab.ts';
import type { LabHostPlan } from '../ssh-lab/plan.ts';
import { programPath, runProgram } from '../support/fleet-program.ts';
import { SCHEMA } from '../support/opencode-home.ts';
import { pictureHome } from './home-picture.ts';

interface Row {
  readonly shell: string;
  /** Makes of a database with 200 sessions what the host has. */
  damage(database: string, home: string): Promise<unknown> | unknown;
  /** The output of `ocr hosts --json`. */
  readonly says: { readonly status: string; readonly sessions?: number; readonly reason: unknown };
}

const [bash, zsh, fish, tcsh, sh] = ['/bin/bash', '/usr/bin/zsh', '/usr/bin/fish', '/usr/bin/tcsh', '/bin/sh'];
const cannot = (reason: string) => ({
  status: 'error',
  reason: expect.stringMatching(`^the database cannot be read: ${reason}: /.*/opencode.db$`),
});
const online = (sessions: number, reason: unknown = null) => ({ status: 'online', sessions, reason });
const containing = (text: string): unknown => expect.stringContaining(text);

/** Locks and logs that last as long as the test. */
const writers: DatabaseSync[] = [];
function write(database: string, sql: string): void {
  const writer = new DatabaseSync(database);
  writers.push(writer);
  writer.exec(sql);
}
const add = (id: string) => `INSERT INTO session (id, project_id, directory, title, time_created, time_updated)
  VALUES ('${id}', 'p1', '/srv', 'one more', 1, 2)`;

const rows: Readonly<Record<string, Row>> = {
  whole: { shell: sh, damage: () => {}, says: online(200) },
  'no-database': {
    shell: bash,
    damage: (database) => writeFile(database, 'x'.repeat(9000)),
    says: cannot('file is not a database'),
  },
  damaged: {
    shell: zsh,
    damage: async (database) => writeFile(database, (await readFile(database)).fill(0x7f, 4096)),
    says: cannot('database disk image is malformed'),
  },
  'cut-short': {
    shell: fish,
    damage: (database) => truncate(database, 4096),
    says: cannot('database disk image is malformed'),
  },
  'zero-bytes': { shell: tcsh, damage: (database) => truncate(database, 0), says: online(0, containing('0 bytes')) },
  'a-folder': {
    shell: bash,
    damage: async (database) => {
      await rm(database);
      await mkdir(database);
    },
    says: cannot('is a folder'),
  },
  'a-fifo': {
    shell: zsh,
    damage: async (database) => {
      await rm(database);
      execFileSync('mkfifo', [database]);
    },
    says: cannot('is not a file'),
  },
  'a-link': {
    shell: fish,
    damage: async (database) => {
      await rm(database);
      await symlink('/nowhere/x', database);
    },
    says: cannot('is a link to nothing'),
  },
  'other-tables': {
    shell: tcsh,
    damage: (database) => {
      new DatabaseSync(database).exec('DROP TABLE session');
    },
    says: cannot('no such table: session'),
  },
  newer: {
    shell: sh,
    damage: (database) => {
      new DatabaseSync(database).exec('DROP TABLE session; CREATE TABLE session_v2 (id)');
    },
    says: { status: 'error', reason: containing('belongs to a newer opencode (tables session_v2)') },
  },
  'newer-beside': {
    shell: bash,
    damage: (database) => {
      new DatabaseSync(database).exec('CREATE TABLE session_v2 (id)');
    },
    says: online(200, containing('sessions of a newer opencode are not shown (tables session_v2)')),
  },
  locked: { shell: zsh, damage: (database) => write(database, 'BEGIN EXCLUSIVE'), says: online(200) },
  written: {
    shell: fish,
    damage: (database) => write(database, `PRAGMA journal_mode = WAL; ${add('ses_log')}`),
    says: online(201),
  },
  'log-alone': {
    shell: tcsh,
    async damage(database) {
      const original = `${database}.original`;
      await cp(database, original);
      write(original, `PRAGMA journal_mode = WAL; ${add('ses_log')}`);
      await cp(original, database);
      await cp(`${original}-wal`, `${database}-wal`);
    },
    says: online(201),
  },
};

const MANY = `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200)
  INSERT INTO session (id, project_id, directory, title, time_created, time_updated) SELECT 'ses_' || i, 'p1', '/srv', 't', 1, 2 FROM n`;
/** Tells what it was started for. */
const OPENCODE = '#!/bin/sh\necho "$*" >>~/started\nexit 1\n';
/** fish keeps its variables there at every start. */
const KEPT_BY_SHELLS = [/^\.config$|^\.config\/fish|^\.local\/share\/fish|^\.cache\//, /^started$/];

let lab: Lab;
const before = new Map<string, unknown>();
const after = new Map<string, unknown>();
let hosts: readonly { readonly name: string }[];

beforeAll(async () => {
  if (!findLabCapabilities().passwords) return;
  const plans = Object.entries(rows).map(([alias, { shell }]) => {
    const plan: LabHostPlan = { shell, home: { '.opencode/bin/opencode': OPENCODE } };
    return [alias, plan] as const;
  });
  lab = await startLab(Object.fromEntries(plans));
  const whole = join(lab.directory, 'whole.db');
  const db = new DatabaseSync(whole);
  db.exec(`${SCHEMA} ${MANY}`);
  db.close();
  for (const [alias, { damage }] of Object.entries(rows)) {
    const { home } = lab.host(alias);
    const database = join(home, databasePath);
    await chmod(join(home, '.opencode/bin/opencode'), 0o755);
    await mkdir(dirname(database), { recursive: true });
    await cp(whole, database);
    await damage(database, home);
    before.set(alias, await pictureHome(home, KEPT_BY_SHELLS));
  }
  const config = join(lab.directory, 'databases.yaml');
  await writeFile(
    config,
    `hosts: {local: false, include: [${Object.keys(rows).join(', ')}]}\npolling: {timeout: 60s}\n`,
  );
  const { stdout } = await runProgram(['hosts', '--json', '--ssh-config', lab.sshConfig, '--config', config], {
    ...{ ...lab.environment, PATH: programPath(), OCR_FLEET: lab.directory },
  });
  hosts = JSON.parse(stdout);
  for (const alias of Object.keys(rows)) after.set(alias, await pictureHome(lab.host(alias).home, KEPT_BY_SHELLS));
});
afterAll(async () => {
  for (const writer of writers) writer.close();
  await lab?.close();
});

describe.runIf(findLabCapabilities().passwords)('a host whose database is', () => {
  it.each(Object.entries(rows))('%s says so or is read, and is left as it was', async (alias, { says }) => {
    expect(hosts.find(({ name }) => name === alias)).toMatchObject(says);
    expect(after.get(alias)).toEqual(before.get(alias));
    const started = await readFile(join(lab.host(alias).home, 'started'), 'utf8').catch(() => '');
    // Its version, and where its database is, are asked in folders that are not the user's.
    expect(started.replace(/^(--version|db path)\n/gm, '')).toBe('');
    if (says.status === 'error' || says.sessions === 0) expect(started).not.toContain('db');
  });
});
