import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { formatCrash, secretsOf, writeCrash } from '../../src/lib/crash-report.ts';
import { RecentActions } from '../../src/lib/recent-actions.ts';
import { makeTempDir } from '../support/temp-dir.ts';

const NOW = new Date(2026, 0, 2, 3, 4, 5);

function reportOf(error: unknown, actions = new RecentActions()): string {
  const facts = { version: '0.1.0', node: 'v24.0.0', platform: 'linux x64', columns: 80, rows: 24, term: 'xterm' };
  const secrets = { home: '/home/ada', names: ['prod-api'], values: [] };
  return formatCrash(error, { ...facts, actions: actions.list }, secrets, NOW);
}

describe('a crash report', () => {
  it('says what ran where, the error with its causes, and the last actions', () => {
    const actions = new RecentActions();
    actions.add('kill_session', NOW.getTime() - 1500);
    actions.add('view:triage', NOW.getTime() - 200);
    const error = new Error('outer', { cause: new TypeError('inner at prod-api') });
    const text = reportOf(error, actions);
    expect(text).toContain('ocr 0.1.0 crashed at 2026-01-02T');
    expect(text).toContain('Node v24.0.0, linux x64\nterminal 80x24, TERM=xterm\n');
    expect(text).toMatch(/Error: outer\n {4}at .*crash-report/);
    expect(text).toContain('caused by: TypeError: inner at …\n');
    expect(text).toMatch(/ {5}1\.5s kill_session\n {5}0\.2s view:triage\n$/);
  });

  it('is written also for what is no error', () => {
    expect(reportOf('just a text')).toContain('just a text');
    expect(reportOf(undefined)).toContain('last actions');
  });

  it('holds no value of a secret variable, and no name of this machine or its user', () => {
    const secrets = secretsOf(['web1'], { MY_API_KEY: 'abcdef-value', SHORT_KEY: 'yes', EDITOR: 'vi' });
    expect(secrets.values).toEqual(['abcdef-value']);
    expect(secrets.names).toContain('web1');
    expect(secrets.names.length).toBe(3);
  });

  it('is kept with nine others, for the user alone', async () => {
    const folder = join(await makeTempDir(), 'crashes');
    const paths: string[] = [];
    for (let day = 1; day <= 12; day += 1) paths.push(await writeCrash(`${day}`, folder, new Date(2026, 0, day)));
    paths.push(await writeCrash('again', folder, new Date(2026, 0, 12)));
    expect((await readdir(folder)).length).toBe(10);
    expect(await readFile(paths.at(-1) ?? '', 'utf8')).toBe('again');
    expect(await readFile(paths.at(-2) ?? '', 'utf8')).toBe('12');
    expect((await stat(paths.at(-1) ?? '')).mode & 0o777).toBe(0o600);
  });
});

describe('the recent actions', () => {
  it('are the last fifty', () => {
    const actions = new RecentActions();
    for (let count = 1; count <= 60; count += 1) actions.add(`a${count}`);
    expect(actions.list).toHaveLength(50);
    expect(actions.list[0]?.name).toBe('a11');
  });

  it('hold no text', () => {
    const actions = new RecentActions();
    actions.add('Fix the webhook', 1);
    expect(actions.list).toEqual([{ at: 1, name: '?' }]);
  });
});
