import { describe, expect, it } from 'vitest';
import { parseAgents, parseProviders, splitModel } from '../../../src/opencode/server/catalog-shape.ts';
import { joinChanges } from '../../../src/opencode/server/read-changes.ts';
import { parsePermission } from '../../../src/opencode/server/request-shape.ts';
import { parseSessions } from '../../../src/opencode/server/session-shape.ts';
import { parseStatuses } from '../../../src/opencode/server/status-shape.ts';
import { parseChanges, parseMessages, parsePart, parseTodos } from '../../../src/opencode/server/transcript-shape.ts';

describe('a permission', () => {
  const parse = (permission: string, metadata: unknown, patterns = ['p']) =>
    parsePermission(
      { id: 'per_1', sessionID: 's', permission, patterns, always: ['*'], metadata, tool: { callID: 'c' } },
      { directory: '/d', since: () => 7 },
    );

  it.each([
    ['bash', { command: 'rm -rf x\ny' }, { command: 'rm -rf x\ny', path: null, diff: null, facts: {} }],
    [
      'edit',
      { filepath: '/d/a, /d/b', diff: '+x', files: [1] },
      { path: '/d/a, /d/b', diff: '+x', facts: { files: '[1]' } },
    ],
    [
      'external_directory',
      { filepath: '/etc/x', parentDir: '/etc' },
      { path: '/etc/x', facts: { parentDir: '"/etc"' } },
    ],
    [
      'external_directory',
      { command: 'cat /etc/x', directories: ['/etc'] },
      { command: 'cat /etc/x', facts: { directories: '["/etc"]' } },
    ],
    [
      'webfetch',
      { url: 'http://x', format: 'text', timeout: null },
      { command: null, facts: { url: '"http://x"', format: '"text"', timeout: 'null' } },
    ],
    [
      'doom_loop',
      { tool: 'bash', input: { command: 'ls' } },
      { command: null, facts: { tool: '"bash"', input: '{"command":"ls"}' } },
    ],
    ['read', {}, { path: 'p', facts: {} }],
    ['glob', { pattern: '*.ts', path: '/d/src' }, { path: '/d/src', facts: { pattern: '"*.ts"' } }],
    ['bash', { command: ['rm', '-rf'] }, { command: null, facts: { command: '["rm","-rf"]' } }],
    ['edit', { filepath: '/a', path: '/b', diff: 7 }, { path: '/a', diff: null, facts: { path: '"/b"', diff: '7' } }],
    ['other', null, { command: null, path: null, diff: null, facts: {} }],
  ])('of %s tells what it is about: %j', (permission, metadata, expected) => {
    expect(parse(permission, metadata)).toMatchObject({
      kind: 'permission',
      permission,
      directory: '/d',
      since: 7,
      ...expected,
    });
  });
});

describe('sessions', () => {
  const session = { id: 's', directory: '/d/sub', title: 't', time: { created: 1, updated: 2 } };

  it('are taken with the nearest time that a date can hold', () => {
    const [odd] = parseSessions([{ ...session, time: { created: -5, updated: 9e15, archived: 0 } }]);
    expect(odd).toMatchObject({ created: 0, updated: Date.UTC(10_000, 0) - 1, archived: null });
  });

  it('belong to the worktree of their project, or to their own directory', () => {
    const list = [
      { ...session, project: { worktree: '/d' } },
      { ...session, project: { worktree: '/' } },
      { ...session, project: null },
    ];
    expect(parseSessions(list).map(({ project }) => project)).toEqual(['/d', '/d/sub', '/d/sub']);
  });

  it('keep what they tell and are null in what they do not', () => {
    const told = {
      summary: { additions: 1, deletions: 2, files: 3 },
      tokens: { input: 1, output: 2, reasoning: 3, cache: { read: 4, write: 5 } },
    };
    expect(parseSessions([{ ...session, ...told, agent: 'build' }])[0]).toMatchObject({
      ...{ additions: 1, deletions: 2, files: 3, agent: 'build', turn: 'unknown' },
      tokens: { input: 1, output: 2, reasoning: 3, cacheRead: 4, cacheWrite: 5 },
    });
    expect(parseSessions([{ ...session, summary: 'x', tokens: [], model: 7 }])[0]).toMatchObject({
      ...{ additions: null, tokens: null, model: null, cost: null, agent: null, archived: null, parentId: null },
    });
  });

  it.each([[null], ['x'], [{ ...session, id: 7 }], [{ ...session, time: {} }]])(
    'are refused when one is none: %j',
    (item) => {
      expect(() => parseSessions([session, item])).toThrow(SyntaxError);
    },
  );
});

describe('messages', () => {
  const info = { id: 'm', role: 'assistant', time: { created: 1 }, agent: 'build', providerID: 'p', modelID: 'm/x' };

  it('keep the parts that are shown', () => {
    const parts = [
      { id: '1', type: 'step-start' },
      { id: '2', type: 'text', text: 'hello' },
      { id: '3', type: 'text', text: 'for the model alone', synthetic: true },
      { id: '4', type: 'file', mime: 'x', url: 'file:///a', filename: 'a.png' },
      { id: '5', type: 'of a later version' },
      'rubbish',
    ];
    expect(parseMessages([{ info, parts }])).toEqual([
      {
        ...{ id: 'm', role: 'assistant', created: 1, completed: null, agent: 'build', model: 'p/m/x', error: null },
        parts: [
          { kind: 'text', id: '2', text: 'hello' },
          { kind: 'file', id: '4', name: 'a.png' },
        ],
      },
    ]);
  });

  it("tell a user's model and an assistant's error", () => {
    const user = { id: 'm', role: 'user', time: { created: 1 }, model: { providerID: 'p', modelID: 'm' } };
    const failed = { ...info, error: { name: 'APIError', data: { message: 'no\nmoney' } } };
    const [first, second] = parseMessages([
      { info: user, parts: [] },
      { info: failed, parts: [] },
    ]);
    expect([first?.model, second?.error]).toEqual(['p/m', 'no']);
  });

  it.each([
    [
      { status: 'pending', input: {}, raw: '' },
      { state: 'pending', title: '', input: '', output: '' },
    ],
    [
      { status: 'running', input: { command: 'ls\npwd' }, metadata: { output: 'so far' } },
      { title: 'ls', input: 'ls\npwd', output: 'so far' },
    ],
    [
      { status: 'completed', input: { filePath: 'a' }, title: 'a', output: 'done' },
      { state: 'completed', title: 'a', input: '{\n  "filePath": "a"\n}', output: 'done' },
    ],
    [
      { status: 'error', input: { url: 'u' }, error: 'refused' },
      { state: 'error', title: 'u', output: 'refused' },
    ],
  ])('tell what a tool does: %j', (state, expected) => {
    expect(parsePart({ id: 'p', type: 'tool', tool: 'x', state })).toMatchObject({
      kind: 'tool',
      id: 'p',
      tool: 'x',
      ...expected,
    });
  });
});

describe('other answers', () => {
  it('leave out what cannot be used', () => {
    expect(parseStatuses({ a: { type: 'busy' }, b: { type: 'idle' }, c: { type: 'new' } })).toEqual(
      new Map([['a', { kind: 'busy' }]]),
    );
    expect(parseTodos([{ content: 'x', status: 'later' }])).toEqual([{ content: 'x', status: 'pending' }]);
    expect(parseChanges([{ additions: 1, deletions: 0 }, { file: 'a' }])).toEqual([
      { path: 'a', additions: 0, deletions: 0, patch: '' },
    ]);
    expect(
      parseAgents([
        { name: 'build', mode: 'primary' },
        { name: 'title', mode: 'primary', hidden: true },
        { name: 'general', mode: 'subagent' },
        { name: 'mine', mode: 'all', description: 'd' },
      ]),
    ).toEqual([
      { name: 'build', description: null },
      { name: 'mine', description: 'd' },
    ]);
    const providers = [{ id: 'p', models: { 'a/b': { name: 'AB' }, old: { name: 'Old', status: 'deprecated' } } }];
    expect(parseProviders({ providers, default: { p: 'a/b' } })).toEqual({
      models: [{ id: 'p/a/b', name: 'AB' }],
      defaults: ['p/a/b'],
    });
  });

  it('join the changes of one file', () => {
    const change = (path: string, patch: string) => ({ path, patch, additions: 1, deletions: 2 });
    expect(joinChanges([change('a', 'x'), change('b', 'y'), change('a', 'z')])).toEqual([
      { path: 'a', patch: 'x\nz', additions: 2, deletions: 4 },
      change('b', 'y'),
    ]);
  });

  it('split a model at its first slash', () => {
    expect(splitModel('router/maker/model')).toEqual({ providerID: 'router', modelID: 'maker/model' });
    for (const wrong of ['model', '/model', 'provider/']) expect(splitModel(wrong)).toBeNull();
  });
});
