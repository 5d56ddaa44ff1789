import { describe, expect, it } from 'vitest';
import { parseSurveyReport } from '../../src/probe/survey-report.ts';

const HEAD = '@ocr now 1767323045\n@ocr opencode /opt/my opencode\n@ocr identity -rwxr-xr-x 1 0\n';

describe('parseSurveyReport', () => {
  it('reads rows and facts', () => {
    const report = parseSurveyReport(
      `${HEAD}@ocr database /home/a b/opencode.db\n@ocr fingerprint 1 2.3 4\n@ocr rows sqlite3\n[\n{}]\n\n@ocr done sqlite3\n`,
    );
    expect(report).toMatchObject({
      now: 1767323045,
      opencodePath: '/opt/my opencode',
      identity: '-rwxr-xr-x 1 0',
      databasePath: '/home/a b/opencode.db',
      fingerprint: '1 2.3 4',
      passedOver: [],
    });
    expect(report.state).toMatchObject({ kind: 'rows', rung: 'sqlite3' });
    expect(report.state.kind === 'rows' && JSON.parse(report.state.text)).toEqual([{}]);
  });

  it('passes over lines that stand between the facts', () => {
    const report = parseSurveyReport(`motd\n${HEAD}a warning\n@ocr database /db\n@ocr unchanged database\nbye\n`);
    expect(report).toMatchObject({ databasePath: '/db', state: { kind: 'unchanged' } });
  });

  it('drops what a rung had said before it failed', () => {
    const report = parseSurveyReport(
      `${HEAD}@ocr database /db\n@ocr rows sqlite3\n[{"half":\n@ocr failed sqlite3 database is locked\n` +
        '@ocr rows python3\n[]\n@ocr done python3\n',
    );
    expect(report.state).toMatchObject({ kind: 'rows', rung: 'python3' });
    expect(report.state.kind === 'rows' && report.state.text).not.toContain('half');
    expect(report.passedOver).toEqual([{ rung: 'sqlite3', reason: 'database is locked' }]);
  });

  it('says once why a rung failed twice', () => {
    const missing = '@ocr failed sqlite3 not installed\n@ocr failed python3 not installed\n';
    const report = parseSurveyReport(`${HEAD}@ocr database /db\n${missing}${missing}@ocr failed sqlite3 locked\n`);
    expect(report.passedOver).toEqual([
      { rung: 'sqlite3', reason: 'not installed' },
      { rung: 'python3', reason: 'not installed' },
      { rung: 'sqlite3', reason: 'locked' },
    ]);
  });

  it('gives a rung that failed in silence a reason', () => {
    const report = parseSurveyReport(`${HEAD}@ocr database /db\n@ocr rows sqlite3\n@ocr failed sqlite3 \n`);
    expect(report.passedOver).toEqual([{ rung: 'sqlite3', reason: 'failed without a message' }]);
    expect(report.state).toEqual({ kind: 'unread' });
  });

  it('takes rows that were cut off for none', () => {
    expect(parseSurveyReport(`${HEAD}@ocr database /db\n@ocr rows sqlite3\n[]`).state).toEqual({ kind: 'unread' });
    expect(parseSurveyReport(`${HEAD}@ocr database /db\n@ocr done sqlite3\n`).state).toEqual({ kind: 'unread' });
  });

  it.each([
    ['@ocr now 1\n@ocr missing opencode\n', { kind: 'no-opencode' }],
    [`${HEAD}@ocr missing database\n`, { kind: 'no-database', legacy: false }],
    [`${HEAD}@ocr legacy storage\n`, { kind: 'no-database', legacy: true }],
    ['', { kind: 'nonsense' }],
    ['sh: 1: Syntax error\n', { kind: 'nonsense' }],
    ['@ocr now 1\n', { kind: 'nonsense' }],
  ])('tells %j for what it is', (text, state) => {
    expect(parseSurveyReport(text).state).toEqual(state);
  });

  it('tells the servers in an order of its own, and passes over what is none', () => {
    const own = '{"version":1,"host":"box","pid":7,"startId":"70","port":4097,"opencode":null,"startedAt":1,';
    const report = parseSurveyReport(
      `${HEAD}@ocr processes 4\n@ocr server 12 1 9=0100007F:1000 /srv/a b\n@ocr server 5 1 3=0100007F:1002 \n@ocr server 6 1 ? /\n` +
        `@ocr server 7 70 8=0100007F:1001 /root\n@ocr own ${own}\n@ocr missing database\n`,
    );
    expect(report.processes).toBe(4);
    expect(report.servers.map(({ pid, directory, own }) => ({ pid, directory, own }))).toEqual([
      { pid: 7, directory: '/root', own: true },
      { pid: 5, directory: null, own: false },
      { pid: 12, directory: '/srv/a b', own: false },
    ]);
    expect(parseSurveyReport(HEAD)).toMatchObject({ processes: null, servers: [] });
  });

  it('has no time when the host told none', () => {
    expect(parseSurveyReport('@ocr now \n').now).toBeNull();
    expect(parseSurveyReport('@ocr now soon\n').now).toBeNull();
    expect(parseSurveyReport('').now).toBeNull();
  });
});
