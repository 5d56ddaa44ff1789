import { mkdir, readFile, rm, stat, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startOfDay } from '../../src/domain/day-use.ts';
import type { Rung } from '../../src/domain/snapshot.ts';
import { ProbeError } from '../../src/probe/probe-error.ts';
import { readSessionList } from '../../src/probe/session-list.ts';
import { climbOn, takeSurvey } from '../../src/probe/survey.ts';
import { parseSurveyReport } from '../../src/probe/survey-report.ts';
import { surveyScript } from '../../src/probe/survey-script.ts';
import { versionScript } from '../../src/probe/version-script.ts';
import { aHost, aLogin, aSession, aSnapshot, NOW } from '../support/builders.ts';
import { OLDER_SCHEMA, OpencodeHome, SCHEMA } from '../support/opencode-home.ts';
import { isInstalled } from '../support/programs.ts';
import { makeTempDir } from '../support/temp-dir.ts';

const RUNGS_HERE: Rung[] = [
  ...(isInstalled('sqlite3') ? (['sqlite3'] as const) : []),
  ...(isInstalled('python3') ? (['python3'] as const) : []),
  'opencode-db',
];
const skipBefore = (rung: Rung): Rung[] =>
  (['sqlite3', 'python3', 'opencode-db'] as Rung[]).filter((name) => name !== rung);

const HOSTILE_TITLE = `it's "quoted" $(id) \`x\` \\ 世界 😀\nsecond line\n@ocr done sqlite3\n\u001b[31mred\u0001\ttab`;

/** A home with sessions of every kind. */
async function makeFullHome(): Promise<OpencodeHome> {
  const home = await OpencodeHome.create("it's $(home)");
  home.query(SCHEMA);
  await home.installDatabaseCommand();
  home.insertSession('ses_hostile', { title: HOSTILE_TITLE, directory: "/srv/shop/it's" });
  home.insertSession('ses_full', {
    parent_id: 'ses_hostile',
    time_created: 1_767_323_045_123,
    time_updated: 1_767_323_045_999,
    time_archived: 1_767_323_046_000,
    agent: 'build',
    model: '{"id":"sonnet","providerID":"anthropic"}',
    cost: 0.12345,
    tokens_input: 1,
    tokens_output: 2,
    tokens_reasoning: 3,
    tokens_cache_read: 4,
    tokens_cache_write: 5_000_000_000,
    summary_additions: 6,
    summary_deletions: 7,
    summary_files: 8,
  });
  home.insertSession('ses_global', { project_id: 'global', directory: '/tmp/notes' });
  home.insertSession('ses_orphan', { project_id: 'gone', directory: '/tmp/orphan' });
  home.insertMessage('m1', 'ses_full', 1, { role: 'user' });
  home.insertMessage('m2', 'ses_full', 2, { role: 'assistant', time: { completed: 5 }, error: { name: 'APIError' } });
  home.insertMessage('m3', 'ses_global', 1, { role: 'assistant', time: {} });
  return home;
}

const survey = (
  run: Awaited<ReturnType<OpencodeHome['openShell']>>,
  changes: Partial<Parameters<typeof surveyScript>[0]> = {},
) => run(surveyScript({ opencodePath: null, fingerprint: null, enrich: true, skip: [], ...changes }));

describe('the survey of a host', () => {
  it('starts no program but stat when it is warm, in the environment of a login too', async () => {
    const home = await makeFullHome();
    const run = await home.openShell();
    const only = await makeTempDir();
    await symlink('/usr/bin/stat', join(only, 'stat'));
    const as = (path: string) => ({ opencodePath: home.program, login: aLogin({ path }) });
    const { fingerprint } = parseSurveyReport((await survey(run, as('/usr/bin:/bin'))).output);
    expect(fingerprint).not.toBeNull();
    const warm = parseSurveyReport((await survey(run, { ...as(only), fingerprint })).output);
    expect(warm).toMatchObject({ state: { kind: 'unchanged' }, fingerprint, opencodePath: home.program });
  });

  it('gives the same sessions by every rung', async () => {
    const home = await makeFullHome();
    const run = await home.openShell();
    for (const rung of RUNGS_HERE) {
      const report = await climbOn(parseSurveyReport((await survey(run, { skip: skipBefore(rung) })).output), run);
      expect(report.state).toMatchObject({ kind: 'rows', rung });
    }
    const readings: Awaited<ReturnType<typeof takeSurvey>>['read'][] = [];
    for (const rung of RUNGS_HERE) {
      const only: typeof run = async (script) =>
        run(script.replace(/^ocr_skip='.*'$/m, `ocr_skip='${skipBefore(rung).join(' ')}'`));
      readings.push((await takeSurvey(aHost(), null, true, only, () => NOW)).read);
    }
    const byId = (reading: (typeof readings)[number]) =>
      [...(reading?.sessions ?? [])].sort((a, b) => (a.id < b.id ? -1 : 1));
    const [first, ...others] = readings.map(byId);
    expect(first?.map(({ id }) => id)).toEqual(['ses_full', 'ses_global', 'ses_hostile', 'ses_orphan']);
    for (const other of others) expect(other).toEqual(first);
    expect(first?.[0]).toMatchObject({
      parentId: 'ses_hostile',
      archived: 1_767_323_046_000,
      updated: 1_767_323_045_999,
      turn: 'failed',
      error: 'APIError',
      model: 'anthropic/sonnet',
      messages: 2,
      cost: 0.12345,
      tokens: { input: 1, output: 2, reasoning: 3, cacheRead: 4, cacheWrite: 5_000_000_000 },
      files: 8,
    });
    expect(first?.[1]).toMatchObject({ turn: 'open', project: '/tmp/notes' });
    expect(first?.[2]).toMatchObject({ title: HOSTILE_TITLE, directory: "/srv/shop/it's", project: '/srv/shop' });
    expect(first?.[3]).toMatchObject({ project: '/tmp/orphan', turn: 'ended' });
  });

  it('sums up the use of each session since midnight, by every rung', async () => {
    const home = await OpencodeHome.create();
    home.query(SCHEMA);
    await home.installDatabaseCommand();
    const now = Date.now();
    const midnight = startOfDay(now);
    const step = (cost: number) => ({
      ...{ role: 'assistant', cost },
      tokens: { input: 10, output: 5, reasoning: 2, cache: { read: 100, write: 1 } },
    });
    home.insertSession('ses_used', { time_updated: now });
    home.insertMessage('m0', 'ses_used', midnight - 60_000, step(9));
    home.insertMessage('m1', 'ses_used', now - 3, { role: 'user' });
    home.insertMessage('m2', 'ses_used', now - 2, step(0.25));
    home.insertMessage('m3', 'ses_used', now - 1, step(0.5));
    home.insertSession('ses_late', { time_updated: midnight - 60_000 });
    home.insertMessage('m4', 'ses_late', now - 1, step(1));
    home.insertSession('ses_old');
    const run = await home.openShell();
    for (const rung of RUNGS_HERE) {
      const only: typeof run = async (script) =>
        run(script.replace(/^ocr_skip='.*'$/m, `ocr_skip='${skipBefore(rung).join(' ')}'`));
      const { read } = await takeSurvey(aHost(), null, true, only, () => now);
      const today = new Map(read?.sessions.map((session) => [session.id, session.today]));
      const used = { since: midnight, cost: 0.75, tokensIn: 222, tokensOut: 14, cached: 200, turns: 1 };
      expect(today.get('ses_used'), rung).toEqual(used);
      expect(today.get('ses_late'), rung).toMatchObject({ cost: 1, turns: 0 });
      expect(today.get('ses_old'), rung).toBeNull();
    }
    const { read } = await takeSurvey(aHost(), null, false, run, () => now);
    expect(read?.sessions[0]?.today).toBeUndefined();
  });

  it('reports load and memory with each answer, and keeps the sessions as they are', async () => {
    const home = await makeFullHome();
    const run = await home.openShell();
    const { fingerprint, machine } = parseSurveyReport((await survey(run)).output);
    expect(machine?.memoryTotal).toBeGreaterThan(0);
    const warm = parseSurveyReport((await survey(run, { fingerprint })).output);
    expect(warm).toMatchObject({ state: { kind: 'unchanged' }, machine: { memoryTotal: machine?.memoryTotal } });
  });

  it('tells the program, the database and, once in a shell, the clock', async () => {
    const home = await OpencodeHome.create();
    home.query(SCHEMA);
    const run = await home.openShell();
    const report = await climbOn(parseSurveyReport((await survey(run)).output), run);
    expect(report).toMatchObject({ opencodePath: home.program, databasePath: home.database, passedOver: [] });
    expect(report.identity).toContain(home.program);
    expect(report.now).toBeGreaterThan(1_700_000_000);
    expect(parseSurveyReport((await survey(run)).output).now).toBeNull();
  });

  it('sends no rows again while the database is as it was', async () => {
    const home = await makeFullHome();
    const run = await home.openShell();
    const first = parseSurveyReport((await survey(run)).output);
    expect(first.fingerprint).not.toBeNull();
    const second = parseSurveyReport((await survey(run, { fingerprint: first.fingerprint })).output);
    expect(second.state).toEqual({ kind: 'unchanged' });
    home.insertSession('ses_new');
    const third = parseSurveyReport((await survey(run, { fingerprint: first.fingerprint })).output);
    expect(third.state.kind).toBe('rows');
    expect(third.fingerprint).not.toBe(first.fingerprint);
  });

  it('reads what is written beside the database and not yet in it', async () => {
    const { DatabaseSync } = await import('node:sqlite');
    const home = await OpencodeHome.create();
    home.query(SCHEMA);
    const writer = new DatabaseSync(home.database);
    writer.exec('PRAGMA journal_mode = WAL');
    const run = await home.openShell();
    const first = parseSurveyReport((await survey(run)).output);
    writer.exec(`INSERT INTO session (id, project_id, directory, title, time_created, time_updated)
      VALUES ('ses_wal', 'p1', '/srv', 't', 1, 2)`);
    const second = parseSurveyReport((await survey(run, { fingerprint: first.fingerprint })).output);
    writer.close();
    expect(second.state.kind === 'rows' && second.state.text).toContain('ses_wal');
  });

  it('writes nothing where it reads', async () => {
    const home = await makeFullHome();
    const before = await readFile(home.database);
    const { mtimeMs } = await stat(home.database);
    const run = await home.openShell();
    for (const rung of RUNGS_HERE) {
      await climbOn(parseSurveyReport((await survey(run, { skip: skipBefore(rung) })).output), run);
    }
    expect((await readFile(home.database)).equals(before)).toBe(true);
    expect((await stat(home.database)).mtimeMs).toBe(mtimeMs);
  });

  it('reads the core columns alone when no more is wanted', async () => {
    const home = await makeFullHome();
    const run = await home.openShell();
    const { read } = await takeSurvey(aHost(), null, false, run, () => NOW);
    expect(read?.sessions.find(({ id }) => id === 'ses_full')).toMatchObject({ turn: 'unknown', cost: null });
  });

  it.each(RUNGS_HERE)('falls back to the core columns of an older database by %s', async (rung) => {
    const home = await OpencodeHome.create();
    home.query(OLDER_SCHEMA);
    await home.installDatabaseCommand();
    const run = await home.openShell();
    const report = await climbOn(parseSurveyReport((await survey(run, { skip: skipBefore(rung) })).output), run);
    expect(report.state).toMatchObject({ kind: 'rows', rung });
    expect(report.passedOver).toHaveLength(1);
    expect(report.passedOver[0]).toMatchObject({ rung });
    expect(report.passedOver[0]?.reason).toMatch(/no such (column|table)/);
  });

  it('says of each rung why it could not read the database', async () => {
    const home = await OpencodeHome.create();
    home.query('CREATE TABLE other (id)');
    const run = await home.openShell();
    const report = await climbOn(parseSurveyReport((await survey(run)).output), run);
    expect(report.state).toEqual({ kind: 'unread' });
    expect(new Set(report.passedOver.map(({ rung }) => rung))).toEqual(new Set(['sqlite3', 'python3', 'opencode-db']));
    for (const { reason } of report.passedOver) expect(reason).not.toBe('');
  });

  it('names rungs that are not installed', async () => {
    const home = await OpencodeHome.create();
    home.query(SCHEMA);
    const bin = join(home.home, 'tools');
    await mkdir(bin);
    for (const tool of ['date', 'tr', 'cut', 'stat', 'ls', 'tail']) {
      const { output } = await (await home.openShell())(`command -v ${tool}`);
      await symlink(output.trim(), join(bin, tool));
    }
    const run = await home.openShell(`PATH='${bin}'`);
    const report = await climbOn(parseSurveyReport((await survey(run)).output), run);
    expect(report.passedOver.slice(0, 2)).toEqual([
      { rung: 'sqlite3', reason: 'not installed' },
      { rung: 'python3', reason: 'not installed' },
    ]);
  });

  it('finds opencode by its configured path, in PATH, or in the usual folders', async () => {
    const home = await OpencodeHome.create();
    const other = join(home.home, 'other folder', 'opencode');
    await mkdir(join(home.home, 'other folder'));
    await symlink(home.program, other);
    const pathOf = async (environment: string, opencodePath: string | null) =>
      parseSurveyReport((await survey(await home.openShell(environment), { opencodePath })).output).opencodePath;
    expect(await pathOf('', null)).toBe(home.program);
    expect(await pathOf('', other)).toBe(other);
    expect(await pathOf('', '~/other folder/opencode')).toBe(other);
    expect(await pathOf(`PATH="$HOME/other folder:$PATH"`, null)).toBe(other);
  });

  it('says when there is no opencode, and when a configured one is not there', async () => {
    const home = await OpencodeHome.create();
    await rm(home.program);
    const run = await home.openShell();
    expect(parseSurveyReport((await survey(run, { opencodePath: '/nowhere/opencode' })).output).state.kind).toBe(
      'no-opencode',
    );
    await expect(
      takeSurvey(aHost({ opencodePath: '/nowhere/opencode' }), null, true, run, () => NOW),
    ).rejects.toMatchObject({ status: 'no-opencode', hint: expect.stringContaining('/nowhere/opencode') });
  });

  it('tells an opencode that was never used from one that keeps no database', async () => {
    const home = await OpencodeHome.create();
    const run = await home.openShell();
    const never = await takeSurvey(aHost(), null, true, run, () => NOW);
    expect(never.read).toEqual({ sessions: [], rung: null, passedOver: [], fingerprint: null });
    await mkdir(join(home.home, '.local/share/opencode/storage/session'), { recursive: true });
    const legacy = await takeSurvey(aHost(), null, true, run, () => NOW);
    expect(legacy.report.state).toEqual({ kind: 'no-database', legacy: true });
    expect(legacy.read).toEqual({ sessions: [], rung: 'storage', passedOver: [], fingerprint: null });
  });

  it('finds the database where the environment says', async () => {
    const home = await makeFullHome();
    const data = join(home.home, 'data');
    await mkdir(data);
    await symlink(join(home.home, '.local', 'share', 'opencode'), join(data, 'opencode'));
    const run = await home.openShell('HOME_BEFORE=$HOME; XDG_DATA_HOME="$HOME/data"; export XDG_DATA_HOME');
    expect(parseSurveyReport((await survey(run)).output).databasePath).toBe(join(data, 'opencode', 'opencode.db'));
  });
});

describe('taking a survey', () => {
  const answers = (...texts: string[]) => {
    const scripts: string[] = [];
    const run = async (script: string) => {
      const output = texts[scripts.length];
      if (output === undefined) throw new Error(`unexpected script: ${script}`);
      scripts.push(script);
      return { output, latency: 5 };
    };
    return { run, scripts };
  };
  const HEAD =
    '@ocr now 1767323045\n@ocr opencode /usr/bin/opencode\n@ocr identity x\n@ocr database /db\n@ocr fingerprint f\n';

  it('goes on to the next rung when rows cannot be read, and keeps the reason', async () => {
    const { run, scripts } = answers(
      `${HEAD}@ocr rows sqlite3\n[{"id":\n@ocr done sqlite3\n`,
      `${HEAD}@ocr rows python3\n[]\n@ocr done python3\n`,
    );
    const { read } = await takeSurvey(aHost(), null, true, run, () => NOW);
    expect(read).toMatchObject({ rung: 'python3', sessions: [], fingerprint: 'f' });
    expect(read?.passedOver[0]).toMatchObject({ rung: 'sqlite3', reason: expect.stringContaining('unreadable rows') });
    expect(scripts[1]).toContain("ocr_skip='sqlite3'");
  });

  it('uses again what is known of a database that has not changed', async () => {
    const { run, scripts } = answers(`${HEAD}@ocr unchanged database\n`);
    const previous = aSnapshot({ sessions: [aSession()], fingerprint: "f'1" });
    const { read } = await takeSurvey(aHost(), previous, true, run, () => NOW);
    expect(read?.sessions).toBe(previous.sessions);
    expect(scripts[0]).toContain(`ocr_known='f'\\''1'`);
  });

  it('does not believe in "unchanged" where nothing is known', async () => {
    const { run } = answers(`${HEAD}@ocr unchanged database\n`);
    await expect(takeSurvey(aHost(), null, true, run, () => NOW)).rejects.toThrow(ProbeError);
  });

  it('quotes an answer that is none', async () => {
    const { run } = answers('Welcome to the router\n> ');
    await expect(takeSurvey(aHost(), null, true, run, () => NOW)).rejects.toMatchObject({
      status: 'error',
      message: "ocr cannot parse the host's answer: Welcome to the router >",
      latency: 5,
    });
  });

  it('measures how far the clock of the host is off', async () => {
    const { run } = answers(`${HEAD}@ocr rows sqlite3\n\n@ocr done sqlite3\n`);
    const { clockOffset } = await takeSurvey(aHost(), null, true, run, () => 1_767_323_035_500);
    expect(clockOffset).toBe(10_000);
  });
});

describe('the list of opencode itself', () => {
  const item = (id: string, directory: string) => ({ id, title: id, updated: 2, created: 1, directory });

  it('asks in every project that opencode or an earlier snapshot knows', async () => {
    const home = await OpencodeHome.create("o'list");
    const one = join(home.home, "it's one");
    const gone = join(home.home, 'gone');
    await mkdir(one);
    await home.install(
      `case "$1 $2" in
'debug scrap') echo 'a notice'; echo '${JSON.stringify([{ id: 'a', worktree: '/' }])}' ;;
'session list') case $PWD in
  /) echo '${JSON.stringify([item('ses_global', '/tmp')])}' ;;
  *one) echo '${JSON.stringify([item('ses_one', '/srv/one')])}' ;;
  *) exit 9 ;;
  esac ;;
esac`,
    );
    const run = await home.openShell();
    await survey(run);
    const previous = aSnapshot({ sessions: [aSession({ project: one }), aSession({ project: gone })] });
    const read = await readSessionList(previous, run, []);
    expect(read.rung).toBe('session-list');
    expect(read.sessions.map(({ id, project }) => [id, project])).toEqual([
      ['ses_global', '/tmp'],
      // Its directory is outside the worktree that was asked in, so it is a project of its own.
      ['ses_one', '/srv/one'],
    ]);
  });

  it('fails as a whole when one project cannot be listed, rather than lose its sessions', async () => {
    const home = await OpencodeHome.create();
    await home.install('case $1 in session) exit 9 ;; *) exit 1 ;; esac');
    const run = await home.openShell();
    await survey(run);
    const failed = readSessionList(null, run, [{ rung: 'sqlite3', reason: 'not installed' }]);
    await expect(failed).rejects.toMatchObject({
      status: 'error',
      message: 'opencode session list failed in /: exit status 9',
      hint: 'sqlite3: not installed',
    });
  });
});

it('the version is asked of a program with any name', async () => {
  const home = await OpencodeHome.create("it's $(a home)");
  await home.install('[ "$OPENCODE_DISABLE_AUTOUPDATE $1" = "1 --version" ] && echo 1.18.0');
  const run = await home.openShell("HOME='/'");
  expect((await run(versionScript(home.program))).output).toBe('1.18.0\n');
});

describe('a host that uses a rung it was told to skip', () => {
  const report = (rung: Rung) =>
    `@ocr opencode /bin/opencode\n@ocr identity one\n@ocr database /db\n@ocr rows ${rung}\nno rows\n@ocr done ${rung}\n`;
  const liar = (rungs: readonly Rung[]) => {
    let asked = 0;
    const run = async () => {
      const rung = rungs[asked % rungs.length] ?? 'sqlite3';
      asked += 1;
      return { output: report(rung), latency: 1 };
    };
    return { run, asked: () => asked };
  };

  it.each([
    [['sqlite3'], 2],
    [['session-list'], 2],
    [['sqlite3', 'python3', 'opencode-db'], 4],
  ] as const)('is not asked for ever (%j)', async (rungs, times) => {
    const { run, asked } = liar(rungs);
    const failed = await takeSurvey(aHost(), null, true, run, () => NOW).catch((error: unknown) => error);
    expect(failed).toBeInstanceOf(ProbeError);
    expect(failed).toMatchObject({
      status: 'error',
      message: expect.stringContaining(`the host used ${rungs[0]} again`),
    });
    expect((failed as ProbeError).hint).toContain(`${rungs[0]}: returned unreadable rows`);
    expect(asked()).toBe(times);
  });
});
