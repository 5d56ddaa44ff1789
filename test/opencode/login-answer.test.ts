import { describe, expect, it } from 'vitest';
import { describeAsking, loginTrouble } from '../../src/domain/login.ts';
import { parseDatabasePath } from '../../src/opencode/database-path.ts';
import { parseLogin, settleLogin, type TimedAnswer } from '../../src/opencode/login-answer.ts';

const output = (...lines: string[]) =>
  ['Welcome!', '@ocr m shell /bin/zsh', '@ocr other opencode /evil', ...lines.map((line) => `@ocr m ${line}`)].join(
    '\n',
  );

const answer = (mode: 'login' | 'interactive', text: string, duration = 50): TimedAnswer => ({
  ...parseLogin(text, 'm'),
  mode,
  duration,
});
const told = (...lines: string[]) => output('PATH /bin', ...lines, 'end ', 'outcome ended');

describe('the answer of a login shell', () => {
  it('is read between what a profile prints, by its mark', () => {
    expect(parseLogin(told('opencode /o p/opencode', 'OPENCODE_DB work.db'), 'm')).toEqual({
      ...{ shell: '/bin/zsh', profiles: '', outcome: 'answered' },
      environment: { path: '/bin', opencode: '/o p/opencode', variables: { OPENCODE_DB: 'work.db' } },
    });
  });

  it.each(['silent', 'unknown', 'ended'] as const)('is none without its end: %s', (outcome) => {
    expect(parseLogin(output(`outcome ${outcome}`), 'm')).toMatchObject({ outcome, environment: null });
  });

  it('is that of the login, unless an interactive one knows more', () => {
    const login = answer('login', told('opencode /a'));
    expect(settleLogin([login, answer('interactive', told('opencode /a'))], 1).mode).toBe('login');
    expect(settleLogin([login, answer('interactive', told())], 1).mode).toBe('login');
    expect(settleLogin([login, answer('interactive', output('outcome ended'))], 1).mode).toBe('login');
    expect(settleLogin([login, answer('interactive', told('opencode /b'))], 1)).toMatchObject({ opencode: '/b' });
    expect(settleLogin([login, answer('interactive', told('opencode /a', 'XDG_DATA_HOME /d'))], 1)).toMatchObject({
      mode: 'interactive',
      variables: { XDG_DATA_HOME: '/d' },
    });
    expect(settleLogin([answer('login', told()), answer('interactive', told('opencode /b'))], 1).mode).toBe(
      'interactive',
    );
  });

  it('says what was asked and how slow it was', () => {
    const slow = settleLogin([answer('login', told('opencode /a'), 12_100)], 1);
    expect(loginTrouble(slow)).toBe('profile is slow (12 s)');
    const quick = settleLogin([answer('login', told()), answer('interactive', told())], 1);
    expect(loginTrouble(quick)).toBeNull();
    expect(describeAsking(quick)).toBe('Asked /bin/zsh as a login shell, then as an interactive login shell');
    const hung = settleLogin([answer('login', output('outcome silent'), 30_000)], 1);
    expect(loginTrouble(hung)).toBe('profile left out: /bin/zsh did not answer within 30 s as a login shell');
    expect(describeAsking(hung)).toBe('Asked /bin/zsh as a login shell, which did not answer in time');
    const unknown = settleLogin([answer('login', output('outcome unknown'))], 1);
    expect(describeAsking(unknown)).toBe('ocr cannot ask the login shell /bin/zsh');
  });
});

describe('the database that opencode names', () => {
  const facts = (database: string, variable = '') =>
    [
      `noise`,
      '@ocr m scratch /t/data/opencode',
      '@ocr m data /h/opencode',
      `@ocr m variable ${variable}`,
      `@ocr m answer ${database}`,
    ].join('\n');
  it.each([
    ['its usual one', facts('/t/data/opencode/opencode.db'), '/h/opencode/opencode.db'],
    ['that of a channel', facts('/t/data/opencode/opencode-dev.db'), '/h/opencode/opencode-dev.db'],
    ["that of the user's variable", facts('/t/data/opencode/ocr-stand-in.db', 'work.db'), '/h/opencode/work.db'],
    ['an absolute one of that variable', facts('/t/data/opencode/ocr-stand-in.db', '/x/abs.db'), '/x/abs.db'],
    ['one that a wrapper sets', facts('/t/data/opencode/wrapped.db', 'work.db'), '/h/opencode/wrapped.db'],
    ['an absolute one that a wrapper sets', facts('/w/wrapped.db'), '/w/wrapped.db'],
    ['none', facts(':memory:'), null],
    ['none, without an answer', 'noise', null],
  ])('is %s', (_name, text, expected) => {
    expect(parseDatabasePath(text, 'm')).toBe(expected);
  });
});
