import { describe, expect, it, vi } from 'vitest';
import { requestLines } from '../../../src/components/triage/request-lines.ts';
import { NOTHING_LIVE } from '../../../src/domain/live.ts';
import type { Session } from '../../../src/domain/session.ts';
import { textWidth } from '../../../src/domain/text-width.ts';
import type { UserRequest } from '../../../src/domain/user-request.ts';
import { NOTHING_SEEN, withBaseline } from '../../../src/fleet/seen.ts';
import { hostKey, sessionKey } from '../../../src/store/keys.ts';
import { selectedHost, selectedSession } from '../../../src/store/selection.ts';
import { answered, aPermission, aQuestion, aSession, aSnapshot, HOUR, MINUTE } from '../../support/builders.ts';
import { KEYS, type OpenOptions, openDashboard } from '../open-dashboard.tsx';

/** The screen goes by the real clock. */
const NOW = Date.now();
const seen = (...aliases: string[]) =>
  aliases.reduce((all, alias) => withBaseline(all, alias, aSnapshot({ at: NOW - 9 * HOUR })), NOTHING_SEEN);
const quiet = (changes: Partial<Session>) => aSession({ updated: NOW - 20 * HOUR, ...changes });

function asking(alias: string, sessions: readonly Session[], requests: readonly UserRequest[], label = alias) {
  const pending = new Map(requests.map((request) => [request.id, { server: 'one', request }]));
  return { ...answered(alias, sessions, { label }), live: { ...NOTHING_LIVE, requests: pending } };
}

const permission = (changes = {}) => aPermission({ since: NOW - 2 * MINUTE, ...changes });
const question = (changes = {}) => aQuestion({ since: NOW - 3 * MINUTE, ...changes });

const [CTRL_D, CTRL_U] = ['\u0004', '\u0015'];

const fleet = [
  asking(
    'web1',
    [
      quiet({ id: 'ses_1', title: 'Approve it' }),
      aSession({ id: 'ses_3', title: 'Broken', turn: 'failed', error: 'APIError', updated: NOW - HOUR }),
    ],
    [permission()],
  ),
  asking(
    'web2',
    [quiet({ id: 'ses_2', title: 'Choose it' }), quiet({ id: 'ses_9', title: 'Quiet one' })],
    [question({ sessionId: 'ses_2' })],
  ),
];

const open = (options: OpenOptions = {}, entries = fleet) =>
  openDashboard(entries, { columns: 100, ...options, state: { seen: seen('web1', 'web2'), ...options.state } });

describe('the triage view', () => {
  it('lists requests before errors, each by the longest wait, with what the selected one asks', async () => {
    const { screen, shows } = open();
    await shows('web1');
    screen.press('t');
    await shows(/^▌ {2}▲ question +3m {3}web2 {2}Choose it +Which database\?$/mu);
    const listed = screen.lines().filter((line) => /^▌? +[▲✗] /u.test(line));
    expect(listed.slice(1)).toEqual([
      expect.stringMatching(/^ {3}▲ permission +2m {3}web1 {2}Approve it +npm test$/u),
      expect.stringMatching(/^ {3}✗ error +1h {3}web1 {2}Broken +APIError$/u),
    ]);
    expect(screen.text()).not.toContain('Quiet one');
    await shows('  ( ) Postgres');
    for (const line of ['Which database?', 'in memory', 'or a custom answer']) expect(screen.text()).toContain(line);
    screen.press(']');
    await shows(/ command +npm test/);
    expect(screen.text()).toMatch(/ always +stops asking for npm \*/);
    expect(screen.text()).toMatch(/── Approve it ── web1 {2}\/srv\/shop/u);
    screen.press('j');
    await shows('FAILED  1h ago');
  });

  it('says that no session needs the user, and goes back to the tree', async () => {
    const { screen, shows } = open({}, [asking('web1', [quiet({})], [])]);
    await shows('web1');
    screen.press('t');
    await shows('Nothing needs you');
    screen.press(KEYS.esc);
    await shows(/▌ ▸ . web1/u);
  });

  it('allows what the selected one asks, offers all answers on Enter, opens it, and shows it in the tree', async () => {
    const [run, attach] = [vi.fn(), vi.fn()];
    const { store, screen, shows } = open({ actions: { run, attach } });
    await shows('web1');
    screen.press('t', 'j');
    await shows(/▌ .*permission/u);
    screen.press('y', KEYS.enter, 'o');
    await vi.waitFor(() => expect(attach).toHaveBeenCalledExactlyOnceWith('web1', 'ses_1', true));
    expect(run.mock.calls.map(([id, { marked, sessions }]) => [id, marked, sessions[0].session.id])).toEqual([
      ['answer', false, 'ses_1'],
      ['decide', false, 'ses_1'],
    ]);
    screen.press('l');
    await shows(/▌ .*Approve it/u);
    expect(store.getState()).toMatchObject({ view: 'fleet', selected: selectedSession('web1', 'ses_1') });
  });

  it('offers no standing approval for a question, and says why', async () => {
    const run = vi.fn();
    const { screen, shows } = open({ actions: { run } });
    await shows('web1');
    screen.press('t');
    await shows('  ( ) Postgres');
    expect(screen.text()).not.toContain('Y always');
    screen.press('Y');
    await shows('That is a question: answer it');
    expect(run).not.toHaveBeenCalled();
    screen.press(']');
    await shows('Y always');
  });

  it('scrolls what is asked to its end and back, and shows all of it again on a larger screen', async () => {
    const diff = ['@@ -1,60 +1,60 @@', ...Array.from({ length: 60 }, (_, at) => `+line ${at}`)].join('\n');
    const entries = [asking('web1', [quiet({})], [permission({ command: null, path: '/srv/a.ts', diff })])];
    const { screen, shows } = open({ columns: 80, rows: 24 }, entries);
    await shows('web1');
    screen.press('t');
    await shows(/1-\d+ of \d+/);
    expect(screen.text()).not.toContain('+line 59');
    for (let page = 0; page < 12; page += 1) screen.press(CTRL_D);
    await shows('+line 59');
    await shows(/-(\d+) of \1$/m);
    screen.press(CTRL_U);
    await vi.waitFor(() => expect(screen.text()).not.toContain('+line 59'));
    screen.press(CTRL_D);
    await shows('+line 59');
    screen.resize(80, 90);
    await shows('+line 0');
    expect(screen.text()).toContain('+line 59');
    expect(screen.text()).toContain('/srv/a.ts');
  });

  it('says which subagent asks, and how many requests wait besides', async () => {
    const sessions = [quiet({ title: 'The root' }), quiet({ id: 'sub', parentId: 'ses_1', title: 'The helper' })];
    const entries = [asking('web1', sessions, [permission({ sessionId: 'sub' }), permission({ id: 'per_2' })])];
    const { screen, shows } = open({}, entries);
    await shows('web1');
    screen.press('t');
    await shows(/▌ .*permission .* The root +\+1/u);
    await shows(/ subagent +The helper/);
  });

  it('keeps the selected one in sight among many', async () => {
    const sessions = Array.from({ length: 50 }, (_, at) =>
      aSession({ id: `ses_${at}`, title: `Title ${at}.`, turn: 'failed', updated: NOW - HOUR + at * 1000 }),
    );
    const { screen, shows } = open({ columns: 80, rows: 24 }, [asking('web1', sessions, [])]);
    await shows('web1');
    screen.press('t');
    await shows(/▌ .*error .*Title 0\./u);
    for (let at = 0; at < 49; at += 1) screen.press('j');
    await shows(/▌ .*error .*Title 49\./u);
    screen.press('j');
    expect(screen.lines()).toHaveLength(24);
  });
});

const HOSTILE = [
  'a\u001b[31mred\u001b[0m\u001b]0;title\u0007',
  'line\nbreak\r\n\ttab\u0000nul',
  '漢字'.repeat(120),
  '👩‍💻👨‍👩‍👧‍👦 family ❤️ 👍🏽',
  '\u202egnp.exe \u2066isolate\u2069',
  'e\u0301'.repeat(200),
  '',
  'x'.repeat(900),
  '\ud83d lone \udc00',
];
const DIFF = [
  '--- a\u001b[2J/one',
  '+++ b/one',
  '@@ -1,400 +1,400 @@',
  ...Array.from({ length: 400 }, (_, at) => `${'+- '[at % 3]}\t${HOSTILE[at % HOSTILE.length]}`),
].join('\n');

describe.each([
  [80, 24],
  [40, 10],
  [160, 50],
  [12, 4],
])('a triage view of %i by %i', (columns, rows) => {
  it('has no line too wide or too many, and nothing that is not to be painted, whatever is asked', async () => {
    const sessions = HOSTILE.map((title, at) => quiet({ id: `ses_${at}`, title, directory: `/srv/${title}` }));
    const requests = HOSTILE.map((text, at) =>
      at % 2 === 0
        ? permission({
            id: `per_${at}`,
            sessionId: `ses_${at}`,
            permission: text,
            command: text,
            path: text,
            patterns: [text, 'y'],
            always: HOSTILE,
            diff: DIFF,
            facts: { [`${text}${'漢'.repeat(9)}`]: text, '': '' },
          })
        : question({
            id: `que_${at}`,
            sessionId: `ses_${at}`,
            questions: [
              {
                header: text,
                question: text,
                options: HOSTILE.map((label) => ({ label, description: text })),
                multiple: at % 3 === 0,
                custom: true,
              },
              { header: '', question: '', options: [], multiple: false, custom: false },
            ],
          }),
    );
    const entries = [asking('web1', sessions, requests, HOSTILE[0])];
    const { screen, store, shows } = open({ columns, rows }, entries);
    await vi.waitFor(() => expect(screen.lines()).toHaveLength(rows));
    screen.press('t');
    await vi.waitFor(() => expect(store.getState().view).toBe('triage'));
    if (rows > 8) await shows('▌ ');
    const check = () => {
      expect(screen.lines()).toHaveLength(rows);
      for (const line of screen.lines()) {
        expect(textWidth(line), line).toBeLessThanOrEqual(columns);
        expect(line).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
        expect(line.isWellFormed()).toBe(true);
      }
    };
    check();
    for (let at = 0; at < HOSTILE.length; at += 1) {
      for (const key of [CTRL_D, CTRL_D, 'j']) {
        const { selected } = store.getState();
        screen.press(key);
        await vi.waitFor(() =>
          expect(store.getState().selected === selected && at < HOSTILE.length - 1 && key === 'j').toBe(false),
        );
        check();
      }
    }
  });
});

describe('what is asked', () => {
  it('has every line as wide as it is given at most', () => {
    for (const columns of [20, 40, 78]) {
      for (const text of HOSTILE) {
        const facts = { [text || 'fact']: text, [`${'x'.repeat(9)}😀`]: 'cut in the middle' };
        const lines = requestLines(permission({ command: text, facts, always: [text] }), columns);
        for (const { left } of lines) {
          const line = left.map((part) => part.text).join('');
          expect(line.isWellFormed(), line).toBe(true);
          expect(textWidth(line), line).toBeLessThanOrEqual(columns);
        }
      }
    }
  });

  it('is told line by line, and nothing is told twice', () => {
    const lines = requestLines(permission({ command: 'one\ntwo', patterns: ['one\ntwo', 'other'], always: [] }), 60);
    expect(
      lines.map(({ left }) =>
        left
          .map(({ text }) => text)
          .join('')
          .trimEnd(),
      ),
    ).toEqual(['permission bash', 'command    one', '           two', 'for        other']);
  });
});

describe('the tree', () => {
  it('shows in the header and at the host, the project and the session why the user is needed', async () => {
    const { screen, shows } = open({ columns: 120 });
    await shows('web1');
    expect(screen.lines()[0]).toMatch(/3 need you ▲2 ✗1 1h/u);
    expect(screen.lines()[3]).toMatch(/web1 {2}2 {2}▲1 ✗1 /u);
    expect(screen.lines()[4]).toMatch(/web2 {2}2 {2}▲1 /u);
    screen.press('[');
    await shows(/▌ .*Broken .*error +1h/u);
    await shows(/\/srv\/shop {2}2 {2}▲1 ✗1/u);
  });

  it('goes to the next one that needs the user, unfolds what leads there, and begins again', async () => {
    const { store, screen, shows } = open({ columns: 120 });
    await shows('web1');
    for (const title of ['Choose it', 'Approve it', 'Broken', 'Choose it']) {
      screen.press(']');
      await shows(new RegExp(`▌ .*${title}`, 'u'));
    }
    screen.press('[');
    await shows(/▌ .*Broken/u);
    expect(store.getState().selected?.key).toBe(sessionKey('web1', 'ses_3'));
  });

  it('does not go anywhere when no session needs the user, and says so', async () => {
    const { store, screen, shows } = open({}, [asking('web1', [quiet({})], [])]);
    await shows('web1');
    screen.press(']');
    await shows('Nothing needs you');
    expect(store.getState().selected).not.toBe(sessionKey('web1', 'ses_1'));
  });

  it('marks sessions by the space bar, a range by V, and takes the marks away by Esc', async () => {
    const { store, screen, shows } = open({ columns: 120 });
    await shows('web1');
    screen.press('[');
    await shows(/▌ .*Broken/u);
    screen.press(' ');
    await vi.waitFor(() => expect([...store.getState().marked]).toEqual([sessionKey('web1', 'ses_3')]));
    screen.press('V');
    await vi.waitFor(() => expect(store.getState().marked.size).toBe(2));
    screen.press(KEYS.esc);
    await vi.waitFor(() => expect(store.getState().marked.size).toBe(0));
    store.setState({ selected: selectedHost('web2') });
    screen.press(' ');
    await vi.waitFor(() => expect(store.getState().unfolded.get('web2')?.has(hostKey('web2'))).toBe(true));
    expect(store.getState().marked.size).toBe(0);
  });

  it('counts what ended apart, and says since when it is done', async () => {
    const ended = aSession({ title: 'Done', updated: NOW - MINUTE });
    const { screen, shows } = open({}, [asking('web1', [ended], [])]);
    await shows('web1');
    expect(screen.lines()[0]).toMatch(/1 needs you ✓1 1m/u);
    screen.press('t');
    await shows(/▌ {2}✓ done +1m {3}web1 {2}Done/u);
    await shows('DONE  1m ago');
  });
});
