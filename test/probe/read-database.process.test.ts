import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it, onTestFinished } from 'vitest';
import { describeDoubt } from '../../src/probe/read-doubt.ts';
import { takeSurvey } from '../../src/probe/survey.ts';
import { aHost, NOW } from '../support/builders.ts';
import { OpencodeHome, SCHEMA } from '../support/opencode-home.ts';
import { isInstalled } from '../support/programs.ts';

const RUNGS = (['sqlite3', 'python3'] as const).filter(isInstalled);

const MANY_SESSIONS = `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200)
  INSERT INTO session (id, project_id, directory, title, time_created, time_updated) SELECT 'ses_' || i, 'p1', '/srv', 't', 1, 2 FROM n`;

/** Everything below a folder: modes, times to the nanosecond and content. */
async function picture(folder: string): Promise<Record<string, string>> {
  const names = await readdir(folder, { recursive: true });
  const entries = names.map(async (name) => {
    const path = join(folder, name);
    const { mode, mtimeNs, size } = await stat(path, { bigint: true });
    const content = (mode & 0o170000n) === 0o100000n ? (await readFile(path)).toString('base64') : '';
    return [name, `${mode} ${mtimeNs} ${size} ${content}`] as const;
  });
  const { mtimeNs } = await stat(folder, { bigint: true });
  return { '.': String(mtimeNs), ...Object.fromEntries(await Promise.all(entries)) };
}

/** A home whose opencode leaves a mark when it is started. */
async function makeHome(): Promise<OpencodeHome & { isStarted(): Promise<boolean> }> {
  const home = await OpencodeHome.create("it's #1 100% ?");
  const mark = join(home.home, 'started');
  await home.install(`echo x >>'${mark.replaceAll("'", `'\\''`)}'; exit 1`);
  return Object.assign(home, {
    isStarted: () =>
      stat(mark).then(
        () => true,
        () => false,
      ),
  });
}

/** A WAL database whose writer was killed: its log holds the session `ses_log`. */
async function leaveLog(home: OpencodeHome): Promise<void> {
  home.query(SCHEMA);
  home.insertSession('ses_file');
  const script = `const { DatabaseSync } = require('node:sqlite');
    const db = new DatabaseSync(process.argv[1]);
    db.exec('PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0');
    db.exec("INSERT INTO session (id, project_id, directory, title, time_created, time_updated) VALUES ('ses_log', 'p1', '/srv', 't', 1, 2)");
    process.kill(process.pid, 'SIGKILL');`;
  await once(spawn(process.execPath, ['-e', script, home.database]), 'exit');
}

async function read(home: OpencodeHome, rung: (typeof RUNGS)[number], mayStartOpencode = true) {
  const run = await home.openShell();
  const only: typeof run = (script) =>
    run(rung === 'python3' ? script.replace(/^ocr_skip=.*$/m, `ocr_skip='sqlite3'`) : script);
  const { report, read } = await takeSurvey(aHost(), null, true, only, () => NOW, null, undefined, mayStartOpencode);
  const ids = read?.sessions.map(({ id }) => id).sort();
  return { ids, rung: read?.rung, doubt: describeDoubt({ ...report, rung: read?.rung ?? null }) };
}

describe.each(RUNGS)('reading a database by %s', (rung) => {
  it('leaves one without a log as it was, also in a folder with signs that mean something in an address', async () => {
    const home = await makeHome();
    home.query(`PRAGMA journal_mode = WAL; ${SCHEMA}`);
    home.insertSession('ses_1');
    const before = await picture(home.home);
    expect(before).not.toHaveProperty('.local/share/opencode/opencode.db-wal');
    expect(await read(home, rung)).toEqual({ ids: ['ses_1'], rung, doubt: null });
    expect(await picture(home.home)).toEqual(before);
  });

  it('reads the log that a killed opencode left, and leaves all three files as they were', async () => {
    const home = await makeHome();
    await leaveLog(home);
    const before = await picture(home.home);
    expect(Object.keys(before).filter((name) => name.includes('.db'))).toHaveLength(3);
    expect(await read(home, rung)).toEqual({ ids: ['ses_file', 'ses_log'], rung, doubt: null });
    expect(await picture(home.home)).toEqual(before);
  });

  it('reads a log without its index, as in a restored backup, from a copy', async () => {
    const home = await makeHome();
    await leaveLog(home);
    await rm(`${home.database}-shm`);
    const before = await picture(home.home);
    expect(await read(home, rung)).toEqual({ ids: ['ses_file', 'ses_log'], rung, doubt: null });
    expect(await picture(home.home)).toEqual(before);
  });

  it('copies no large database, and reads it without its log', async () => {
    const home = await makeHome();
    await leaveLog(home);
    await rm(`${home.database}-shm`);
    await truncate(home.database, 300 * 2 ** 20);
    expect(await read(home, rung)).toEqual({
      ids: ['ses_file'],
      rung,
      doubt: 'the log of the database cannot be read: sessions may be stale',
    });
  });

  it('reads a database that is being written, and does not touch it', async () => {
    const home = await makeHome();
    home.query(`PRAGMA journal_mode = WAL; ${SCHEMA}`);
    const writer = new DatabaseSync(home.database);
    onTestFinished(() => writer.close());
    writer.exec(
      `INSERT INTO session (id, project_id, directory, title, time_created, time_updated) VALUES ('ses_1', 'p1', '/', 't', 1, 2)`,
    );
    const before = await picture(home.home);
    expect(await read(home, rung)).toEqual({ ids: ['ses_1'], rung, doubt: null });
    expect(await picture(home.home)).toEqual(before);
  });

  it('reads one whose only user has locked it', async () => {
    const home = await makeHome();
    home.query(`PRAGMA journal_mode = DELETE; ${SCHEMA}`);
    home.insertSession('ses_1');
    const writer = new DatabaseSync(home.database);
    onTestFinished(() => writer.close());
    writer.exec('BEGIN EXCLUSIVE');
    expect(await read(home, rung)).toMatchObject({ ids: ['ses_1'], rung });
  });

  it('reads one whose log is in use by a single process without an index', async () => {
    const home = await makeHome();
    home.query(SCHEMA);
    const writer = new DatabaseSync(home.database);
    onTestFinished(() => writer.close());
    writer.exec(`PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL;
      INSERT INTO session (id, project_id, directory, title, time_created, time_updated) VALUES ('ses_1', 'p1', '/', 't', 1, 2)`);
    expect(await read(home, rung)).toMatchObject({ ids: ['ses_1'], rung });
  });

  it('reads the database alone where its log cannot be read, and says so', async () => {
    const home = await makeHome();
    await leaveLog(home);
    await rm(`${home.database}-wal`);
    await mkdir(`${home.database}-wal`);
    expect(await read(home, rung)).toEqual({
      ids: ['ses_file'],
      rung,
      doubt: 'the log of the database cannot be read: sessions may be stale',
    });
  });

  it.each([
    [
      'is no database',
      async ({ database }: OpencodeHome) => writeFile(database, 'x'.repeat(5000)),
      'file is not a database',
    ],
    [
      'is damaged',
      async (home: OpencodeHome) => {
        home.query(MANY_SESSIONS);
        const content = await readFile(home.database);
        await writeFile(home.database, content.fill(0x7f, 4096));
      },
      'database disk image is malformed',
    ],
    [
      'is cut short',
      async (home: OpencodeHome) => {
        home.query(MANY_SESSIONS);
        await truncate(home.database, 4096);
      },
      'database disk image is malformed',
    ],
    [
      'has other tables',
      async (home: OpencodeHome) => {
        await rm(home.database);
        home.query('CREATE TABLE other (id)');
      },
      'no such table: session',
    ],
  ])('says so of a file that %s, and starts no opencode', async (_what, damage, reason) => {
    const home = await makeHome();
    home.query(SCHEMA);
    await damage(home);
    const before = await picture(home.home);
    await expect(read(home, rung)).rejects.toMatchObject({
      status: 'error',
      message: `the database cannot be read: ${reason}: ${home.database}`,
      hint: expect.stringContaining(reason),
    });
    expect(await picture(home.home)).toEqual(before);
    expect(await home.isStarted()).toBe(false);
  });

  it('names the tables of a newer opencode, whether it left the older ones or not', async () => {
    const home = await makeHome();
    home.query('CREATE TABLE session_v2 (id); CREATE TABLE "it\'s ""a"" session" (id)');
    const tables = `session_v2, it's "a" session`;
    await expect(read(home, rung)).rejects.toMatchObject({
      message: `the database belongs to a newer opencode (tables ${tables}): ${home.database}`,
    });
    home.query(SCHEMA);
    home.insertSession('ses_1');
    expect(await read(home, rung)).toEqual({
      ids: ['ses_1'],
      rung,
      doubt: `sessions of a newer opencode are not shown (tables ${tables})`,
    });
    expect(await home.isStarted()).toBe(false);
  });
});

describe('a place without a database', () => {
  const [rung = 'sqlite3'] = RUNGS;

  it.each([
    ['a folder', async ({ database }: OpencodeHome) => void (await mkdir(database)), 'is a folder'],
    ['a FIFO', async ({ database }: OpencodeHome) => void execFileSync('mkfifo', [database]), 'is not a file'],
    [
      'a link to nothing',
      async ({ database }: OpencodeHome) => void execFileSync('ln', ['-s', '/nowhere/x', database]),
      'is a link to nothing',
    ],
  ])('that is %s says so', async (_what, put, reason) => {
    const home = await makeHome();
    await put(home);
    await expect(read(home, rung)).rejects.toMatchObject({
      status: 'error',
      message: `the database cannot be read: ${reason}: ${home.database}`,
    });
    expect(await home.isStarted()).toBe(false);
  });

  it('reports a file of 0 bytes, and does not start opencode on it', async () => {
    const home = await makeHome();
    await writeFile(home.database, '');
    const before = await picture(home.home);
    expect(await read(home, rung)).toEqual({
      ids: [],
      rung: null,
      doubt: `the database is empty (0 bytes): ${home.database}`,
    });
    expect(await picture(home.home)).toEqual(before);
  });

  it('gives the sessions of an older opencode, and moves none of them', async () => {
    const home = await makeHome();
    const storage = join(home.home, '.local/share/opencode/storage');
    await mkdir(join(storage, 'session/p1'), { recursive: true });
    await mkdir(join(storage, 'session/global'), { recursive: true });
    await mkdir(join(storage, 'project'), { recursive: true });
    const info = (id: string, projectID: string, more = {}) =>
      JSON.stringify(
        {
          id,
          projectID,
          directory: `/srv/${id}`,
          title: 'one\n@ocr done storage',
          time: { created: 5, updated: 9 },
          ...more,
        },
        null,
        2,
      );
    await writeFile(join(storage, 'project/p1.json'), JSON.stringify({ id: 'p1', worktree: '/srv' }));
    await writeFile(join(storage, 'session/p1/ses_a.json'), info('ses_a', 'p1'));
    await writeFile(join(storage, 'session/global/ses_b.json'), `${info('ses_b', 'global', { parentID: 'ses_a' })}\n`);
    await writeFile(join(storage, 'session/global/ses_cut.json'), info('ses_cut', 'global').slice(0, 40));
    await writeFile(
      join(storage, 'session/global/ses_big.json'),
      info('ses_big', 'global', { more: 'x'.repeat(100_000) }),
    );
    const before = await picture(home.home);
    expect(await read(home, rung)).toEqual({
      ids: ['ses_a', 'ses_b'],
      rung: 'storage',
      doubt: 'sessions of an older opencode: start opencode there once to move them into its database',
    });
    const { read: found } = await takeSurvey(aHost(), null, true, await home.openShell(), () => NOW);
    expect(found?.sessions.find(({ id }) => id === 'ses_a')).toMatchObject({
      project: '/srv',
      created: 5,
      updated: 9,
      turn: 'unknown',
    });
    expect(found?.sessions.find(({ id }) => id === 'ses_b')).toMatchObject({
      parentId: 'ses_a',
      title: 'one\n@ocr done storage',
    });
    expect(await picture(home.home)).toEqual(before);
    expect(await home.isStarted()).toBe(false);
  });
});

describe('a host without sqlite3 and python3', () => {
  it('is asked by opencode itself, unless nothing may change there', async () => {
    const home = await makeHome();
    home.query(SCHEMA);
    home.insertSession('ses_1');
    const run = await home.openShell();
    const without: typeof run = (script) => run(script.replace(/^ocr_skip=.*$/m, `ocr_skip='sqlite3 python3'`));
    await expect(takeSurvey(aHost(), null, true, without, () => NOW, null, undefined, false)).rejects.toMatchObject({
      message: expect.stringContaining('opencode is not started on a read-only host'),
    });
    expect(await home.isStarted()).toBe(false);
    await takeSurvey(aHost(), null, true, without, () => NOW, null, undefined, true);
    expect(await home.isStarted()).toBe(true);
  });
});

it.runIf(process.getuid?.() === 0)(
  'a database of another user says what is in the way, or is read as far as it can be',
  async () => {
    const home = await makeHome();
    home.query(`PRAGMA journal_mode = WAL; ${SCHEMA}`);
    home.insertSession('ses_1');
    const data = join(home.home, '.local/share/opencode');
    const asNobody = async () => {
      const { surveyScript } = await import('../../src/probe/survey-script.ts');
      const script = surveyScript({ opencodePath: home.program, fingerprint: null, enrich: true, skip: [] });
      const environment = { PATH: process.env.PATH ?? '', HOME: home.home };
      return execFileSync('setpriv', ['--reuid=65534', '--regid=65534', '--clear-groups', 'sh', '-c', script], {
        env: environment,
        encoding: 'utf8',
      });
    };
    for (const folder of [home.home, join(home.home, '.local'), join(home.home, '.local/share'), data])
      await chmod(folder, 0o755);
    const readable = await asNobody();
    expect(readable).toContain('ses_1');
    expect(readable).toContain('@ocr behind folder');
    expect((await readdir(data)).sort()).toEqual(['opencode.db']);
    await chmod(home.database, 0o600);
    expect(await asNobody()).toContain('@ocr unreadable permission denied');
    await chmod(data, 0o700);
    expect(await asNobody()).toContain('@ocr unreadable permission denied');
  },
);
