import { describe, expect, it } from 'vitest';
import { parseProjectList, parseSessionList, parseVersion } from '../../src/opencode/cli-output.ts';
import { parseSessionRows } from '../../src/opencode/session-rows.ts';

const CORE = {
  id: 'ses_1',
  parent: null,
  directory: '/srv/shop/web',
  title: 'Title',
  created: 1,
  updated: 2,
  archived: null,
  worktree: '/srv/shop',
};
const rowsOf = (...rows: object[]) => parseSessionRows(JSON.stringify(rows));
const last = (role: string | null, completed: number | null, error: string | null) =>
  JSON.stringify([role, completed, error]);

describe('rows of the database', () => {
  it('are taken with the nearest time that a date can hold', () => {
    const [session] = rowsOf({ ...CORE, created: -5, updated: 9e15, archived: 1e300 });
    const last = Date.UTC(10_000, 0) - 1;
    expect(session).toMatchObject({ created: 0, updated: last, archived: last });
  });

  it('tell the use since midnight, of a session that was used', () => {
    const today = JSON.stringify([0.75, 20, 10, 4, 200, 2, 1]);
    const [used, unused, untold] = parseSessionRows(
      JSON.stringify([{ ...CORE, today }, { ...CORE, today: null }, CORE]),
      99,
    );
    expect(used?.today).toEqual({ since: 99, cost: 0.75, tokensIn: 222, tokensOut: 14, cached: 200, turns: 1 });
    expect(unused?.today).toBeNull();
    expect(untold?.today).toBeUndefined();
    expect(() => rowsOf({ ...CORE, today: '[1]' })).toThrow();
  });

  it('become sessions with all that they tell', () => {
    const [session] = rowsOf({
      ...CORE,
      parent: 'ses_0',
      archived: 3,
      agent: 'build',
      model: '{"id":"sonnet","providerID":"anthropic"}',
      cost: 0.5,
      t_in: 1,
      t_out: 2,
      t_reason: 3,
      t_read: 4,
      t_write: 5,
      additions: 6,
      deletions: 7,
      files: 8,
      messages: 9,
      last: last('assistant', 10, null),
    });
    expect(session).toEqual({
      endedAt: 10,
      id: 'ses_1',
      parentId: 'ses_0',
      title: 'Title',
      directory: '/srv/shop/web',
      project: '/srv/shop',
      created: 1,
      updated: 2,
      archived: 3,
      turn: 'ended',
      error: null,
      agent: 'build',
      model: 'anthropic/sonnet',
      messages: 9,
      cost: 0.5,
      tokens: { input: 1, output: 2, reasoning: 3, cacheRead: 4, cacheWrite: 5 },
      additions: 6,
      deletions: 7,
      files: 8,
    });
  });

  it('with the core columns alone leave the rest open', () => {
    expect(rowsOf(CORE)[0]).toMatchObject({ turn: 'unknown', agent: null, cost: null, tokens: null, messages: null });
  });

  it.each([
    ['a message only waits', last('user', null, null), 'queued', null],
    ['the assistant is at it', last('assistant', null, null), 'open', null],
    ['the assistant is done', last('assistant', 5, null), 'ended', null],
    ['the assistant failed', last('assistant', 5, 'APIError'), 'failed', 'APIError'],
    ['the assistant failed without an end', last('assistant', null, 'APIError'), 'failed', 'APIError'],
    ['a user has stopped it', last('assistant', 5, 'MessageAbortedError'), 'ended', 'MessageAbortedError'],
    [
      'a user has stopped it without an end',
      last('assistant', null, 'MessageAbortedError'),
      'ended',
      'MessageAbortedError',
    ],
    ['there is no message', null, 'ended', null],
    ['the message is of an unknown form', '{}', 'unknown', null],
  ])('tell the turn when %s', (_name, message, turn, error) => {
    expect(rowsOf({ ...CORE, messages: message === null ? 0 : 3, last: message })[0]).toMatchObject({ turn, error });
  });

  it.each([
    ['', null],
    ['gpt-5', 'gpt-5'],
    ['{"id":1}', '{"id":1}'],
  ])('take the model %j as it is', (model, expected) => {
    expect(rowsOf({ ...CORE, model })[0]?.model).toBe(expected);
  });

  it('put a session outside any repository into its own folder', () => {
    expect(rowsOf({ ...CORE, worktree: '/' })[0]?.project).toBe('/srv/shop/web');
    expect(rowsOf({ ...CORE, worktree: null })[0]?.project).toBe('/srv/shop/web');
  });

  it.each(['', ' \n', '[]', '\n[]\n'])('may be none: %j', (text) => {
    expect(parseSessionRows(text)).toEqual([]);
  });

  it.each(['null', '{}', '[{}]', 'Error: no such table', '[{"id":""}]', '[1]'])(
    'are refused when they are %s',
    (text) => {
      expect(() => parseSessionRows(text)).toThrow();
    },
  );
});

describe('the session list of the command line', () => {
  const item = { id: 'ses_1', title: 'T', updated: 2, created: 1, projectId: 'p', directory: '/srv/shop/web' };

  it('gives sessions that tell neither state nor cost', () => {
    expect(parseSessionList(JSON.stringify([item], null, 2), '/srv/shop')).toMatchObject([
      { id: 'ses_1', parentId: null, project: '/srv/shop', turn: 'unknown', messages: null, cost: null },
    ]);
    expect(parseSessionList(JSON.stringify([{ ...item, parentID: 'ses_0' }]), '/')[0]).toMatchObject({
      parentId: 'ses_0',
      project: '/srv/shop/web',
    });
  });

  it('is found between the lines of a notice', () => {
    const text = `Performing one time database migration...\n\n${JSON.stringify([item], null, 2)}\nUpdate available!\n`;
    expect(parseSessionList(text, '/')).toHaveLength(1);
  });

  it.each(['', '\n', '[]', 'notice\n[]\n'])('may hold nothing: %j', (text) => {
    expect(parseSessionList(text, '/')).toEqual([]);
  });

  it.each(['Error: database is locked', '[{"id": "x"}]', '[{"id":'])('is refused when it is %s', (text) => {
    expect(() => parseSessionList(text, '/')).toThrow();
  });
});

describe('the projects of the command line', () => {
  it('are worktrees', () => {
    const text = `scrap\n${JSON.stringify([
      { id: 'a', worktree: '/' },
      { id: 'b', worktree: "/srv/it's" },
    ])}`;
    expect(parseProjectList(text)).toEqual(['/', "/srv/it's"]);
    expect(parseProjectList('')).toEqual([]);
    expect(() => parseProjectList('[1]')).toThrow();
  });
});

describe('the version', () => {
  it.each([
    ['1.18.3\n', '1.18.3'],
    ['v0.4.2\n', '0.4.2'],
    ['1.0.0-beta.2\n', '1.0.0-beta.2'],
    ['Welcome!\n1.18.3\nbye\n', '1.18.3'],
    ['1.17.0 -> 1.18.0 available\n1.17.0\r\n', '1.17.0'],
    ['command not found', null],
    ['', null],
  ])('in %j is %j', (text, version) => {
    expect(parseVersion(text)).toBe(version);
  });
});
