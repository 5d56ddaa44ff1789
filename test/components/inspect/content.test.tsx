import { describe, expect, it } from 'vitest';
import type { PanelState } from '../../../src/components/inspect/panel-body.ts';
import { formatTime } from '../../../src/domain/format.ts';
import { hostKey } from '../../../src/store/keys.ts';
import { answered, NOW } from '../../support/builders.ts';
import { aMessage, aTool, hostRow, loaded, paintedPanel, panelState, sessionRow } from './open-panel.ts';

const row = sessionRow();
const unfold = (state: PanelState): PanelState => ({
  ...state,
  detail: { ...state.detail, unfolded: new Set([state.detail.tab]) },
});
const shown = (state: PanelState) =>
  paintedPanel(row, { ...state, detail: { ...state.detail, full: true } }, 80, 40)
    .map((line) => line.trimEnd())
    .join('\n');

describe('the transcript', () => {
  const messages = loaded([
    aMessage(['list the files, please'], { role: 'user', agent: null, model: null }),
    aMessage([
      { kind: 'reasoning', id: 'prt_r', text: 'They want a list.' },
      'I will look.\n\n\tindented',
      aTool(),
      aTool({ id: 'prt_2', tool: 'edit', state: 'error', title: 'a.txt', output: 'no such file' }),
      { kind: 'file', id: 'prt_f', name: 'plan.pdf' },
    ]),
    aMessage([], { error: 'the model is overloaded' }),
  ]);

  it('says who said what and when, with tool calls on one line', () => {
    const text = shown(panelState('transcript', { messages }));
    const lines = text.split('\n').slice(2, 16);
    expect(lines).toEqual([
      expect.stringMatching(/^ you +\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/),
      '   list the files, please',
      '',
      expect.stringMatching(/^ build {2}stub\/echo +\d{4}/),
      '   They want a list.',
      '   I will look.',
      '',
      '       indented',
      '   ✓ bash  Lists the files',
      '   ✗ edit  a.txt',
      '   file plan.pdf',
      '',
      expect.stringMatching(/^ build {2}stub\/echo/),
      '   the model is overloaded',
    ]);
    expect(text).toContain(formatTime(NOW));
  });

  it('shows what tools were given and gave when they are unfolded, up to a length', () => {
    const text = shown(unfold(panelState('transcript', { messages })));
    expect(text).toContain('   ✓ bash  Lists the files\n     ls -l\n     total 2\n     a.txt\n     b.txt\n');
    expect(text).toContain('   ✗ edit  a.txt\n     ls -l\n     no such file\n');
    const long = aTool({ output: 'x\n'.repeat(1000) });
    expect(shown(unfold(panelState('transcript', { messages: loaded([aMessage([long])]) })))).toContain(
      '800 more lines',
    );
  });

  it('says that it is being read, that there is nothing, or why it cannot be read', () => {
    expect(shown(panelState('transcript'))).toContain('reading…');
    expect(shown(panelState('transcript', { messages: loaded([]) }))).toContain('nothing was said yet');
    const reason = 'no server runs there: press Enter to attach, which starts one';
    const failed = { state: 'failed', value: null, reason } as const;
    const text = shown(panelState('transcript', { messages: failed }));
    expect(text).toContain(reason);
    expect(text).not.toContain('reading');
    expect(shown(panelState('transcript', { messages: { ...messages, state: 'failed', reason } }))).toMatch(
      /overloaded[\s\S]*no server runs there[\s\S]*shown as it was last read/,
    );
  });

  it('of another session is not shown', () => {
    const state = panelState('transcript', { messages });
    const other = { ...state, detail: { ...state.detail, loaded: { ...state.detail.loaded!, key: 'session x\0y' } } };
    expect(shown(other)).toContain('reading…');
  });
});

it('the list of what is to be done has a sign for each state, and says how much is done', () => {
  const todos = loaded([
    { content: 'Read the schema', status: 'completed' },
    { content: 'Write the migration', status: 'in_progress' },
    { content: 'Tell the team', status: 'pending' },
    { content: 'Celebrate', status: 'cancelled' },
  ] as const);
  const text = shown(panelState('todo', { todos }));
  expect(text).toContain(
    ' 1 of 3 done\n [x] Read the schema\n [>] Write the migration\n [ ] Tell the team\n [-] Celebrate\n',
  );
  expect(shown(panelState('todo', { todos: loaded([]) }))).toContain('No to-do list');
});

it('the changes are files with their counts, and unfolded their diffs', () => {
  const changes = loaded([
    { path: 'src/login.ts', additions: 2, deletions: 1, patch: '@@ -1 +1,2 @@\n-old\n+new\n+\tnewer\n' },
    { path: `${'deep/'.repeat(30)}name.ts`, additions: 10, deletions: 0, patch: '' },
  ]);
  const folded = shown(panelState('changes', { changes }));
  expect(folded).toMatch(/^ 2 files +\+12 -1$/m);
  expect(folded).toMatch(/^ src\/login\.ts +\+2 -1$/m);
  expect(folded).toMatch(/^ ….*deep\/name\.ts +\+10 -0$/m);
  expect(folded).not.toContain('@@');
  const unfolded = shown(unfold(panelState('changes', { changes })));
  expect(unfolded).toContain('   @@ -1 +1,2 @@\n   -old\n   +new\n   +    newer\n\n');
  expect(unfolded).toContain('no diff stored');
  expect(shown(panelState('changes', { changes: loaded([]) }))).toContain('No files changed');
});

it('the log says when, for how long, what was done on the host, and what came of it, the newest last', () => {
  const host = hostRow(answered('web1', []));
  const activities = new Map([
    [
      'web1',
      [
        { at: NOW - 60_000, duration: 3412, what: 'probe', result: '12 sessions, by sqlite3' },
        { at: NOW, duration: 12, what: 'GET /session/status', result: '200' },
      ],
    ],
    ['web2', [{ at: NOW, duration: 12, what: 'of another host', result: '' }]],
  ]);
  const state = { ...panelState('log', {}, host), activities };
  const text = paintedPanel(host, state, 80, 24)
    .map((line) => line.trimEnd())
    .join('\n');
  const time = (at: number) => formatTime(at).slice(-8);
  expect(text).toContain(` ${time(NOW - 60_000)}   3.4s  probe\n                  12 sessions, by sqlite3\n`);
  expect(text).toContain(` ${time(NOW)}   12ms  GET /session/status\n                  200`);
  expect(text).not.toContain('another host');
  expect(paintedPanel(host, panelState('log', {}, host), 80, 24).join('\n')).toContain('Nothing done');
  expect(host.key).toBe(hostKey('web1'));
});
