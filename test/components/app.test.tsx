import { describe, expect, it, vi } from 'vitest';
import { helpEntries, helpSections } from '../../src/components/help.ts';
import { textWidth } from '../../src/domain/text-width.ts';
import { NOTHING_SEEN, withBaseline } from '../../src/fleet/seen.ts';
import { hostKey, projectKey, UNREACHABLE_KEY } from '../../src/store/keys.ts';
import { runSearches } from '../../src/store/search-runner.ts';
import { createRowSelector } from '../../src/store/select-rows.ts';
import { type Selection, selectedHost, selectedSession } from '../../src/store/selection.ts';
import { initialState, type OcrState } from '../../src/store/state.ts';
import { inputBegun } from '../../src/store/typed-line.ts';
import { selectedRow } from '../../src/store/view-transitions.ts';
import { aFailure, aHost, anEntry, answered, aSession, aSnapshot, SETTINGS } from '../support/builders.ts';
import { bindings, KEYS, openDashboard as open } from './open-dashboard.tsx';

const unfolded = (alias: string, ...paths: string[]) =>
  new Map([[alias, new Set([hostKey(alias), ...paths.map((path) => projectKey(alias, path))])]]);

/** A filter is being typed. */
const typing = inputBegun('filter')(initialState(SETTINGS, false));

const fleet = [
  answered('web1', [
    aSession({ id: 'ses_1', title: 'Fix the login page' }),
    aSession({ id: 'ses_2', title: 'Write quick tests', turn: 'failed', error: 'APIError' }),
  ]),
  anEntry({ host: aHost({ alias: 'db' }), failure: aFailure({ reason: 'connection refused', hint: 'Start sshd.' }) }),
  anEntry({ host: aHost({ alias: 'new' }) }),
];

describe('the dashboard', () => {
  it('shows the fleet in numbers and each host with its state', async () => {
    const { screen, shows } = open(fleet);
    await shows('web1');
    const lines = screen.lines();
    expect(lines[0]).toMatch(/^ ocr {2}nothing needs you {3}1\/3 hosts {3}2 sessions$/);
    expect(lines[1]).toMatch(/^ \[1 Fleet\] .* 6 Log +1\/4$/);
    expect(lines[2]).toMatch(/^ {6}HOST \/ PROJECT \/ SESSION +STATE +AGE +COST$/);
    expect(lines[3]).toMatch(/^▌ ▸ ◎ web1 {2}2 +polled +\d+w$/u);
    expect(lines[4]).toMatch(/^ {4}◐ new +asking$/u);
    expect(lines[5]).toMatch(/^ {2}▾ not reachable {2}1 host {2}─+$/u);
    expect(lines[6]).toMatch(/^ {4}○ db +offline +connection ref/u);
    expect(lines[22]).toBe(' ada@web1.example.org:22   /usr/bin/opencode   read by sqlite3');
    expect(lines[23]).toMatch(/^ enter unfold .* {2}\? help {2}q quit$/);
  });

  it('keeps what needs the user in the row of a host at 40 columns, rather than its state', async () => {
    const now = Date.now();
    const sessions = [aSession({ turn: 'failed', error: 'APIError', updated: now })];
    const seen = withBaseline(NOTHING_SEEN, 'host-of-production', aSnapshot({ at: now - 1000 }));
    const { screen, shows } = open([answered('host-of-production', sessions)], { columns: 40, state: { seen } });
    await shows('host-of-production');
    expect(screen.lines()[3]).toMatch(/^▌ ▸ ◎ host-of-production {2}1 {2}✗1 +\d+w$/u);
  });

  it('leaves whole numbers out of the header rather than cutting them', async () => {
    const sessions = Array.from({ length: 531 }, (_, at) => aSession({ id: `ses_${at}` }));
    for (let columns = 30; columns <= 80; columns += 5) {
      const { screen, shows } = open([answered('web1', sessions)], { columns });
      await shows('web1');
      expect(screen.lines()[0]).toMatch(/^ ocr( {2}nothing needs you( {3}1 host( {3}531 sessions)?)?)?$/);
      expect(screen.lines()[0]).not.toContain('…');
    }
  });

  it('says what it does while there is nothing to show', async () => {
    await open([]).shows('Welcome to ocr');
    await open([], { state: { discovered: false } }).shows('Reading the ssh config');
  });

  it('marks what is only known from before', async () => {
    const stale = anEntry({ snapshot: aSnapshot({ at: Date.now() - 3 * 60_000, sessions: [aSession()] }) });
    await open([stale]).shows(/◌ web1 {2}1 .* stale +3m/);
  });

  it('unfolds, goes in and folds again by keys', async () => {
    const { screen, shows } = open(fleet);
    screen.press(KEYS.right);
    await shows('Fix the login page');
    screen.press(KEYS.down, 'j');
    await shows(/▌ .*(Fix|Write)/u);
    screen.press('h', 'h');
    await shows('▸ /srv/shop');
    screen.press('h', 'h');
    await vi.waitFor(() => expect(screen.text()).not.toContain('/srv/shop'));
  });

  it('attaches to a session by enter', async () => {
    const attach = vi.fn();
    const state = { unfolded: unfolded('web1', '/srv/shop'), selected: selectedSession('web1', 'ses_2') };
    const { screen, shows } = open(fleet, { state, actions: { attach } });
    await shows(/▌ .*Write quick tests/u);
    screen.press(KEYS.enter);
    await vi.waitFor(() => expect(attach).toHaveBeenCalledExactlyOnceWith('web1', 'ses_2', false));
  });

  it('refreshes and quits by the keys for it', async () => {
    const [refresh, quit] = [vi.fn(), vi.fn()];
    const { screen, shows } = open(fleet, { actions: { refresh, quit } });
    await shows('web1');
    screen.press('r', 'q', '\u0003');
    await vi.waitFor(() => expect(quit).toHaveBeenCalledTimes(2));
    expect(refresh).toHaveBeenCalledTimes(1);
  });

  it('takes keys that come in one read one by one', async () => {
    const refresh = vi.fn();
    const { store, screen, shows } = open(fleet, { actions: { refresh } });
    await shows('web1');
    screen.press('jjr');
    await vi.waitFor(() => expect(refresh).toHaveBeenCalledTimes(1));
    expect(store.getState().selected?.key).toBe(UNREACHABLE_KEY);
  });

  it('drops keys that were meant for the program before', async () => {
    const { store, screen, shows } = open(fleet, { state: { keysFrom: Number.POSITIVE_INFINITY } });
    await shows('web1');
    screen.press('q', '\u0003', 'j');
    store.setState({ keysFrom: 0 });
    screen.press('j');
    await vi.waitFor(() => expect(store.getState().selected?.key).toBe(hostKey('new')));
  });

  it('drops a late answer of the terminal', async () => {
    const { store, screen } = open(fleet, { state: typing });
    await vi.waitFor(() => expect(screen.lines()[1]).toMatch(/^ \/ /));
    screen.press('\u001b]11;rgb:1e1e/1e1e/1e1e\u0007');
    screen.press('x');
    await vi.waitFor(() => expect(store.getState().query).toContain('x'));
    expect(store.getState().query).toBe('x');
  });

  it('says why a key does nothing', async () => {
    const { screen, shows } = open(fleet, { state: { selected: selectedHost('new') } });
    await shows(/▌ .*new/u);
    screen.press(KEYS.enter);
    await shows('Nothing to open');
  });

  it('keeps the selected row in sight, in a fleet of any size', async () => {
    const many = Array.from({ length: 500 }, (_, at) => answered(`host${String(at).padStart(3, '0')}`, []));
    const { screen, shows } = open(many, { rows: 12 });
    await shows(/▌ .*host000/u);
    screen.press('G');
    await shows(/▌ .*host499/u);
    screen.press(KEYS.up, KEYS.up);
    await shows(/▌ .*host497/u);
    expect(screen.lines()).toHaveLength(12);
    screen.press('\u001b[5~');
    await shows(/▌ .*host488/u);
    screen.press('\u001b[H');
    await shows(/▌ .*host000/u);
  });

  it('fits itself to a terminal that changes its size', async () => {
    const { screen, shows } = open(fleet);
    await shows('web1');
    screen.resize(40, 10);
    await vi.waitFor(() => expect(screen.lines()).toHaveLength(10));
    for (const line of screen.lines()) expect(textWidth(line)).toBeLessThanOrEqual(40);
  });
});

const HOSTILE = [
  'a\u001b[31mred\u001b[0m\u001b]0;title\u0007',
  'line\nbreak\r\n\ttab\u0000nul',
  '漢字'.repeat(60),
  '👩‍💻👨‍👩‍👧‍👦 family ❤️ 👍🏽 1️⃣',
  '\u202egnp.exe \u2066isolate\u2069',
  'e\u0301'.repeat(120),
  '',
  'x'.repeat(500),
  'שלום עולם مرحبا',
  '\ud83d lone \udc00',
  '🇩🇪🇫🇷🏴󠁧󠁢󠁥󠁮󠁧󠁿 flags',
];

describe.each([
  [80, 24],
  [40, 10],
  [120, 30],
  [20, 6],
])('a screen of %i by %i', (columns, rows) => {
  const hostile = HOSTILE.map((title, at) =>
    aSession({ id: `ses_${at}`, title, model: title, agent: title, messages: 5 }),
  );
  const entries = [
    answered('web1', hostile, { label: HOSTILE[2]! }),
    anEntry({ host: aHost({ alias: 'db', label: HOSTILE[0]! }), failure: aFailure({ reason: HOSTILE[7]! }) }),
    answered('long', [aSession({ id: 'p', project: `/${'漢字/'.repeat(80)}`, title: 'in a deep folder' })]),
  ];
  const state = {
    unfolded: new Map([...unfolded('web1', '/srv/shop'), ...unfolded('long', `/${'漢字/'.repeat(80)}`)]),
    messages: [{ kind: 'error' as const, text: HOSTILE.join(' '), lines: [], at: Date.now(), from: Date.now() }],
  };

  it.each(['nightops', 'minimal'] as const)(
    'has no line too wide or too many, whatever the titles are (%s)',
    async (theme) => {
      const { store, screen, shows } = open(entries, { columns, rows, state, theme });
      await shows('ocr');
      for (const inspecting of [false, true]) {
        store.setState({ inspecting });
        for (let step = 0; step < 16; step += 1) {
          await vi.waitFor(() => expect(screen.lines()).toHaveLength(rows));
          for (const line of screen.lines()) {
            expect(textWidth(line), line).toBeLessThanOrEqual(columns);
            expect(line).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
          }
          screen.press(KEYS.down);
        }
        screen.press('\u001b[H');
      }
    },
  );
});

describe('the search', () => {
  /** The dashboard with its searches running. */
  function openWithSearch(state: Partial<OcrState> = {}) {
    const opened = open(fleet, { state });
    const stop = runSearches(opened.store);
    return { ...opened, stop };
  }

  it('takes letters as text that are keys elsewhere', async () => {
    const { store, screen, shows, stop } = openWithSearch();
    await shows('web1');
    screen.press('/');
    await shows(/^ \/ /m);
    for (const letter of 'quick?') screen.press(letter);
    await vi.waitFor(() => expect(store.getState().query).toBe('quick?'));
    screen.press('\u007f');
    await shows(/▌ .*Write quick tests/u);
    expect(screen.text()).not.toContain('Fix the login page');
    await shows('1 session on 1 host');
    stop();
  });

  it('given up by escape leaves all as it was', async () => {
    const { store, screen, shows, stop } = openWithSearch({ selected: selectedHost('db') });
    await shows(/▌ .*db/u);
    const before = screen.text();
    screen.press('/');
    await shows(/^ \/ /m);
    screen.press('login');
    await shows(/▌ .*Fix the login page/u);
    screen.press(KEYS.esc);
    await vi.waitFor(() => expect(store.getState().input).toBeNull());
    await vi.waitFor(() => expect(screen.text()).toBe(before));
    stop();
  });

  it('goes on to the rows by enter, and keeps the find when it ends', async () => {
    const attach = vi.fn();
    const opened = open(fleet, { actions: { attach } });
    const stop = runSearches(opened.store);
    const { store, screen, shows } = opened;
    await shows('web1');
    screen.press('/');
    await shows(/^ \/ /m);
    screen.press('login');
    await shows(/▌ .*Fix the login page/u);
    screen.press(KEYS.enter);
    await vi.waitFor(() => expect(store.getState().input).toBeNull());
    screen.press(KEYS.enter);
    await vi.waitFor(() => expect(attach).toHaveBeenCalledWith('web1', 'ses_1', false));
    screen.press(KEYS.esc);
    await vi.waitFor(() => expect(store.getState().query).toBe(''));
    await shows(/▌ .*Fix the login page/u);
    stop();
  });

  it('erases a character, a word and all', async () => {
    const { store, screen, shows, stop } = openWithSearch(typing);
    await shows(/^ \/ /m);
    screen.press('two words 世😀');
    await vi.waitFor(() => expect(store.getState().query).toBe('two words 世😀'));
    screen.press('\u007f');
    await vi.waitFor(() => expect(store.getState().query).toBe('two words 世'));
    screen.press('\u0017');
    await vi.waitFor(() => expect(store.getState().query).toBe('two words '));
    screen.press('\u0015');
    await vi.waitFor(() => expect(store.getState().query).toBe(''));
    stop();
  });

  it('takes what is pasted as one line of text', async () => {
    const { store, screen, shows, stop } = openWithSearch(typing);
    await shows(/^ \/ /m);
    screen.press('\u001b[200~one\ntwo\u001b[201~');
    await vi.waitFor(() => expect(store.getState().query).toBe('one two'));
    stop();
  });

  it('says when nothing was found', async () => {
    const { screen, shows, stop } = openWithSearch();
    await shows('web1');
    screen.press('/');
    await shows(/^ \/ /m);
    screen.press('xylophone');
    await shows('Nothing matches xylophone. esc clears the filter');
    stop();
  });
});

describe('the footer', () => {
  const footer = async (selected: Selection, state: Partial<OcrState> = {}) => {
    const { screen, shows } = open(fleet, {
      columns: 120,
      state: { unfolded: unfolded('web1', '/srv/shop'), selected, ...state },
    });
    await shows('ocr');
    return screen.lines().at(-1) ?? '';
  };

  it('names the keys that do something on the row', async () => {
    expect(await footer(selectedSession('web1', 'ses_1'))).toContain('enter open');
    expect(await footer(selectedHost('web1'))).toContain('enter fold');
    expect(await footer(selectedHost('new'))).not.toContain('enter');
    expect(await footer(selectedHost('db'))).toContain('e why');
    expect(await footer(selectedHost('web1'))).not.toContain('e why');
  });

  it('names those of the search while that goes on', async () => {
    const line = await footer(selectedHost('web1'), typing);
    expect(line).toContain('esc cancel');
    expect(line).not.toContain('q quit');
  });
});

describe('the dialogs', () => {
  it('help lists every key of the view by its label, tells what the selected one does, and closes', async () => {
    const { store, screen, shows } = open(fleet, { columns: 160, rows: 60 });
    await shows('web1');
    screen.press('?');
    await shows('THIS ROW');
    const context = {
      state: store.getState(),
      row: selectedRow(createRowSelector()(store.getState()), store.getState()),
      items: [],
    };
    for (const { binding, label } of helpEntries(helpSections(bindings, 'list', context))) {
      expect(screen.text()).toContain(label);
      expect(screen.text()).toContain(binding.keys[0]?.replaceAll(' ', ''));
    }
    expect(screen.text()).toContain('Answer the pending request, or open the session');
    screen.press(KEYS.esc);
    await vi.waitFor(() => expect(screen.text()).not.toContain('THIS ROW'));
    expect(screen.text()).toContain('web1');
  });

  it('help scrolls so that the selected key is in sight on a small screen, and stops at the last one', async () => {
    const { screen, shows } = open(fleet, { columns: 80, rows: 12 });
    await shows('web1');
    screen.press('?');
    await shows(/❯ enter +Unfold/u);
    for (let at = 0; at < 100; at += 1) screen.press(KEYS.down);
    await shows(/❯ ctrl\+l +Repaint/u);
    screen.press(KEYS.up);
    await shows(/❯ ctrl\+z +Suspend/u);
  });

  it('the error of a host is shown in full with what to do', async () => {
    const { screen, shows } = open(fleet, { state: { selected: selectedHost('db') } });
    await shows(/▌ .*db/u);
    screen.press('e');
    await shows('db: offline: connection refused');
    expect(screen.text()).toContain('Start sshd.');
    screen.press('e');
    await shows('web1');
  });
});

describe('the inspect panel', () => {
  it('tells all that is known of a session', async () => {
    const { screen, shows } = open(fleet, {
      columns: 140,
      state: { unfolded: unfolded('web1', '/srv/shop'), selected: selectedSession('web1', 'ses_2') },
    });
    await shows('Write quick tests');
    screen.press('i');
    await shows(/id +ses_2/);
    expect(screen.text()).toMatch(/error +APIError/);
    expect(screen.text()).toMatch(/directory +\/srv\/shop/);
    screen.press('i');
    await vi.waitFor(() => expect(screen.text()).not.toContain('ses_2'));
  });

  it('tells why a host cannot be read', async () => {
    await open(fleet, { state: { inspecting: true, selected: selectedHost('db') } }).shows(
      /reason +connection refused/,
    );
  });
});
