import { describe, expect, it, vi } from 'vitest';
import { initialDetail } from '../../../src/store/detail.ts';
import { hostKey, projectKey, sessionKey } from '../../../src/store/keys.ts';
import { selectedSession } from '../../../src/store/selection.ts';
import { answered, aSession, DAY, NOW } from '../../support/builders.ts';
import { KEYS, openDashboard } from '../open-dashboard.tsx';
import { aMessage, aTool, loaded } from './open-panel.ts';

const session = aSession({ updated: NOW - DAY, project: '/srv/shop' });
const key = sessionKey('web1', session.id);
const TAB = '\t';
const [CTRL_D, CTRL_U] = ['\u0004', '\u0015'];

function open(columns: number, rows: number) {
  const nothing = { state: 'none', value: null, reason: null } as const;
  const messages = loaded(Array.from({ length: 60 }, (_, index) => aMessage([`message ${index}`, aTool()])));
  return openDashboard([answered('web1', [session])], {
    ...{ columns, rows },
    state: {
      selected: selectedSession('web1', session.id),
      unfolded: new Map([['web1', new Set([hostKey('web1'), projectKey('web1', '/srv/shop')])]]),
      detail: { ...initialDetail, loaded: { key, messages, todos: nothing, changes: nothing } },
    },
  });
}

describe.each([
  [80, 24],
  [120, 40],
  [160, 50],
])('the panel in the dashboard at %i by %i', (columns, rows) => {
  it('opens, shows one tab after the other, and closes', async () => {
    const { screen, shows } = open(columns, rows);
    await shows('Fix the login page');
    for (const tab of ['details', 'transcript', 'todo', 'changes', 'log']) {
      screen.press(TAB);
      await shows(`[${tab}]`);
      expect(screen.lines().length).toBe(rows);
    }
    screen.press(TAB);
    await vi.waitFor(() => expect(screen.text()).not.toContain('[log]'));
  });

  it('scrolls beside the list, whose cursor moves by half a page while the panel is closed', async () => {
    const { screen, shows } = open(columns, rows);
    await shows(/▌ .*Fix the login page/u);
    screen.press(CTRL_U);
    await shows(/▌ .*web1/u);
    screen.press(CTRL_D);
    await shows(/▌ .*Fix the login page/u);
    screen.press(TAB, TAB);
    await shows('message 59');
    screen.press(CTRL_U, CTRL_U, CTRL_U, CTRL_U);
    await vi.waitFor(() => expect(screen.text()).not.toContain('message 59'));
    screen.press(CTRL_D, CTRL_D, CTRL_D, CTRL_D);
    await shows('message 59');
    screen.press('T');
    await shows('total 2');
  });

  it('takes the whole screen and the keys, and gives them back', async () => {
    const { screen, shows, store } = open(columns, rows);
    screen.press(TAB, TAB);
    await shows('message 59');
    screen.press('v');
    await shows(/^ Fleet › web1 › \/srv\/shop › Fix the login page/mu);
    expect(screen.text()).not.toContain('HOST / PROJECT');
    screen.press('gg');
    await shows('message 0');
    expect(store.getState().selected?.key).toBe(key);
    screen.press('q');
    await shows('HOST / PROJECT');
    screen.press('v');
    await vi.waitFor(() => expect(screen.text()).not.toContain('HOST / PROJECT'));
    screen.press(KEYS.esc);
    await shows('HOST / PROJECT');
    screen.press('i');
    await vi.waitFor(() => expect(screen.text()).not.toContain('[transcript]'));
  });
});
