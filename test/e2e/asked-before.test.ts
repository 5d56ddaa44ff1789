import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { isDashboard } from '../support/lab-dashboard.ts';
import { LiveDashboard } from '../support/live-dashboard.ts';
import { LiveFleet } from '../support/live-fleet.ts';
import { popupOf } from '../support/popup.ts';

let live: LiveFleet;
let dashboard: LiveDashboard;

beforeAll(async () => {
  live = await LiveFleet.start();
  dashboard = new LiveDashboard('asked-before', live);
});
afterEach(async () => {
  await dashboard?.close();
  await live?.clear();
});
afterAll(() => live?.close());

/** For opencode to start on a busy machine. */
const OPENS_WITHIN_MS = 90_000;

describe('a session that asks something since before it is opened', () => {
  it('shows that first, says so while it is attached, and is answered after it was left', async () => {
    await dashboard.open({ columns: 80, rows: 24 });
    const session = await live.begin('Asked too early', 'ask permission for it');
    await dashboard.waitFor((lines) => / needs? you .*!\d+ .*\d+s /.test(lines[0] ?? ''));
    await dashboard.find(session.title);
    await dashboard.press('Enter', (lines) => popupOf(lines)[0] === 'Asked too early asks');
    expect(popupOf(await dashboard.terminal.screen()).map((text) => text.trim())).toContain('touch approved');
    await dashboard.press('Escape', (lines) => popupOf(lines).length === 0);
    expect(existsSync(join(live.directory, 'approved'))).toBe(false);
    expect(await live.pending('permission')).toHaveLength(1);

    await dashboard.press('o', (lines) => !isDashboard(lines));
    await dashboard.waitFor(/^ <> alpha > .*Asked too early +! asks: ctrl\+\] y {3}ctrl\+\] back$/, OPENS_WITHIN_MS);
    await dashboard.terminal.resize(46, 20);
    await dashboard.waitFor(
      (lines) => lines.length === 20 && / ! (asks: ctrl\+\] )?y {3}ctrl/.test(lines.at(-1) ?? ''),
    );
    await dashboard.terminal.resize(80, 24);
    await dashboard.press('C-]', isDashboard);
    await dashboard.press('y', 'alpha: allowed once: touch approved');
    await live.waitUntilDone(session);
  });

  it('is opened at once when it has nothing to ask, and tells what asks meanwhile', async () => {
    await dashboard.open({ columns: 80, rows: 24 });
    const quiet = await live.begin('Nothing to ask', 'say hello');
    await expect.poll(() => live.transcript(quiet), { timeout: 60_000 }).toContain('You said: say hello');
    await dashboard.find(quiet.title);
    await dashboard.press('Enter', (lines) => !isDashboard(lines));
    await dashboard.waitFor(
      (lines) => !isDashboard(lines) && lines.join().includes('You said: say hello'),
      OPENS_WITHIN_MS,
    );
    await live.begin('Asks meanwhile', 'ask permission for it');
    await dashboard.waitFor(/^ ! Asks meanwhile on alpha asks +ctrl\+\] back to the fleet/);
    await dashboard.waitFor((lines) => !lines.join().includes('Asks meanwhile on alpha'));
    await dashboard.press('C-]', isDashboard);
  });
});
