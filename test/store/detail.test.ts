import { describe, expect, it } from 'vitest';
import {
  contentChanged,
  contentOf,
  type DetailView,
  foldToggled,
  fullToggled,
  initialDetail,
  isScrolled,
  panelCycled,
  panelScrolled,
  panelToggled,
  shownTab,
  topOf,
} from '../../src/store/detail.ts';
import { sessionKey } from '../../src/store/keys.ts';
import type { Row } from '../../src/store/rows.ts';

const closed: DetailView = { inspecting: false, detail: initialDetail };
const opened: DetailView = { inspecting: true, detail: initialDetail };
const applied = (from: DetailView, ...changes: ((state: DetailView) => Partial<DetailView>)[]): DetailView => {
  let state = from;
  for (const change of changes) state = { ...state, ...change(state) };
  return state;
};
const transcript = { row: sessionKey('web1', 'ses_1'), tab: 'transcript' } as const;
const todo = { ...transcript, tab: 'todo' } as const;
const room = { count: 100, height: 10 };

describe('the tabs of the panel', () => {
  const walk = (kind: Row['kind'], times: number, from = closed) => {
    const shown: (string | null)[] = [];
    let state = from;
    for (let step = 0; step < times; step += 1) {
      state = applied(state, panelCycled(kind));
      shown.push(state.inspecting ? shownTab(state.detail, kind) : null);
    }
    return shown;
  };

  it('come one after the other, then the panel closes, and begins with the first', () => {
    expect(walk('session', 7)).toEqual(['details', 'transcript', 'todo', 'changes', 'log', null, 'details']);
    expect(walk('host', 4)).toEqual(['details', 'log', null, 'details']);
    expect(walk('project', 3)).toEqual(['details', 'log', null]);
    expect(walk('group', 3)).toEqual(['details', null, 'details']);
  });

  it('come round without closing a panel that has the whole screen', () => {
    const full = applied(opened, fullToggled);
    expect(walk('session', 5, full)).toEqual(['transcript', 'todo', 'changes', 'log', 'details']);
  });

  it('stay chosen on rows that do not have them', () => {
    const state = applied(opened, panelCycled('session'));
    expect(shownTab(state.detail, 'host')).toBe('details');
    expect(shownTab(state.detail, 'session')).toBe('transcript');
    expect(shownTab(applied(state, panelCycled('host')).detail, 'host')).toBe('log');
  });

  it('are kept while the panel is hidden, which has no whole screen then', () => {
    const state = applied(opened, panelCycled('session'), fullToggled, panelToggled);
    expect(state).toMatchObject({ inspecting: false, detail: { tab: 'transcript', full: false } });
    expect(applied(state, panelToggled)).toMatchObject({ inspecting: true, detail: { tab: 'transcript' } });
  });

  it('open in full from a closed panel, and go back to it', () => {
    expect(applied(closed, fullToggled)).toMatchObject({ inspecting: true, detail: { full: true } });
    expect(applied(closed, fullToggled, fullToggled)).toMatchObject({ inspecting: true, detail: { full: false } });
  });
});

describe('scrolling', () => {
  it('begins at the end of what grows there, and at the top of all else', () => {
    expect(topOf(initialDetail, transcript, room)).toBe(90);
    expect(topOf(initialDetail, todo, room)).toBe(0);
    expect(topOf(initialDetail, transcript, { count: 3, height: 10 })).toBe(0);
  });

  it('stops at the ends', () => {
    const top = (...steps: number[]) =>
      topOf(applied(opened, ...steps.map((step) => panelScrolled(todo, step, room))).detail, todo, room);
    expect(top(5)).toBe(5);
    expect(top(5, -8)).toBe(0);
    expect(top(Number.POSITIVE_INFINITY)).toBe(90);
    expect(top(500, -1)).toBe(89);
  });

  it('up holds the place while more is written, down to the end follows it again', () => {
    const grown = { count: 120, height: 10 };
    const up = applied(opened, panelScrolled(transcript, -5, room));
    expect(topOf(up.detail, transcript, grown)).toBe(85);
    expect(isScrolled(up.detail, transcript)).toBe(true);
    const down = applied(up, panelScrolled(transcript, 500, grown));
    expect(isScrolled(down.detail, transcript)).toBe(false);
    expect(topOf(down.detail, transcript, { count: 130, height: 10 })).toBe(120);
  });

  it('is of each session and tab by itself, and remembers the last ones alone', () => {
    let state = applied(opened, panelScrolled(todo, 7, room), panelScrolled(transcript, -1, room));
    const other = { row: sessionKey('web1', 'ses_2'), tab: 'todo' } as const;
    expect(topOf(state.detail, other, room)).toBe(0);
    expect(topOf(state.detail, todo, room)).toBe(7);
    for (let index = 0; index < 500; index += 1) {
      state = applied(state, panelScrolled({ row: `session ${index}`, tab: 'todo' }, 3, room));
    }
    expect(state.detail.tops.size).toBeLessThanOrEqual(200);
  });

  it('goes where it is told when something is unfolded, but keeps to the end', () => {
    const unfolded = applied(opened, foldToggled(transcript, 12, { count: 400, height: 10 }));
    expect(unfolded.detail.unfolded).toEqual(new Set(['transcript']));
    expect(topOf(unfolded.detail, transcript, { count: 400, height: 10 })).toBe(390);
    const scrolled = applied(
      opened,
      panelScrolled(transcript, -50, room),
      foldToggled(transcript, 77, { count: 400, height: 10 }),
    );
    expect(topOf(scrolled.detail, transcript, { count: 400, height: 10 })).toBe(77);
    expect(applied(scrolled, foldToggled(transcript, 0, room)).detail.unfolded.size).toBe(0);
  });
});

describe('what was read of a session', () => {
  it('is kept by its parts, until another session is read', () => {
    const [one, other] = [sessionKey('web1', 'ses_1'), sessionKey('web1', 'ses_2')];
    const item = { content: 'Tell the team', status: 'pending' } as const;
    const state = applied(
      opened,
      contentChanged(one, 'todos', () => ({ state: 'loaded', value: [item], reason: null })),
      contentChanged(one, 'changes', (before) => ({ ...before, state: 'loading' })),
    );
    expect(contentOf(state.detail, one).todos.value).toEqual([item]);
    expect(contentOf(state.detail, one).changes).toEqual({ state: 'loading', value: null, reason: null });
    expect(contentOf(state.detail, other).todos.state).toBe('none');
    const next = applied(
      state,
      contentChanged(other, 'messages', (before) => ({ ...before, state: 'loading' })),
    );
    expect(contentOf(next.detail, one).todos.state).toBe('none');
  });
});
