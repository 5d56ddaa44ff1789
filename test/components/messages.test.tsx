import { describe, expect, it, vi } from 'vitest';
import { say, sayError } from '../../src/actions/feedback.ts';
import { answered } from '../support/builders.ts';
import { KEYS, openDashboard } from './open-dashboard.tsx';

const open = (rows = 24) => openDashboard([answered('web1', [])], { rows, actions: { refresh: () => {} } });

describe('what was told', () => {
  it('stands beside what goes on, and neither takes the place of the other', async () => {
    const { store, screen, shows } = open();
    await shows('web1');
    store.setState({ busy: 'cloning on gpu-01: 62%' });
    await shows('cloning on gpu-01: 62%');
    say(store, 'web1: renamed');
    await shows(/^ web1: renamed +◐ cloning on gpu-01: 62%$/mu);
    sayError(store, 'web1: not archived', []);
    // Each message has its place for a while: the next one waits for its turn.
    expect(screen.text()).not.toContain('not archived');
    await vi.waitFor(() => expect(screen.text()).toMatch(/^ ✗ web1: not archived +◐ cloning/mu), 10_000);
    store.setState({ busy: null });
    await shows(/^ ✗ web1: not archived$/mu);
    expect(screen.lines()).toHaveLength(24);
  });

  it.each([
    ['esc', KEYS.esc],
    ['the key that shows it', 'e'],
    ['the key that asks again', 'r'],
  ])('stays when it failed, until %s', async (_name, key) => {
    const { store, screen, shows } = open();
    await shows('web1');
    sayError(store, 'web1: not archived', ['the connection was lost']);
    await shows('web1: not archived');
    vi.spyOn(Date, 'now').mockReturnValue(Date.now() + 3_600_000);
    store.setState({ busy: null });
    expect(screen.text()).toContain('web1: not archived');
    screen.press(key);
    if (key === 'e') {
      await shows('the connection was lost');
      screen.press(KEYS.esc);
    }
    await vi.waitFor(() => expect(screen.text()).not.toContain('web1: not archived'));
    vi.restoreAllMocks();
  });

  it('is listed in the log, the latest first, with the details of a failure on Enter', async () => {
    const { store, screen, shows } = open();
    await shows('web1');
    for (let at = 0; at < 300; at += 1) say(store, `message ${at}`);
    sayError(store, 'web1: \u001b[31mfailed', ['because of $(x)']);
    screen.press('@');
    await shows(/▌ {2}✗ \d\d:\d\d:\d\d {2}web1: \^\[\[31mfailed/u);
    expect(screen.text()).toMatch(/ \d\d:\d\d:\d\d {2}message 299/u);
    screen.press(KEYS.enter);
    await shows('because of $(x)');
    store.setState({ keysFrom: 0 });
    screen.press('q');
    await vi.waitFor(() => expect(store.getState().modal).toBeNull());
    store.setState({ keysFrom: 0 });
    screen.press('G');
    await shows(/▌ .*message 0\b/u);
    screen.press('q');
    await shows('[1 Fleet]');
  });
});
