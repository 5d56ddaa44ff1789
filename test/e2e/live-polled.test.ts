import { afterAll, beforeAll, expect, it } from 'vitest';
import { isIsolated } from '../fleet/machine.ts';
import { startDeafServer } from '../support/deaf-server.ts';
import { rowOf } from '../support/lab-dashboard.ts';
import { LiveDashboard, triageRows } from '../support/live-dashboard.ts';
import { LiveFleet } from '../support/live-fleet.ts';

let live: LiveFleet;
let dashboard: LiveDashboard;

beforeAll(async () => {
  live = await LiveFleet.start({ hidden: true });
  await startDeafServer(live.fleet.host('alpha').machine!, live.fleet.directory, live.server.port);
  dashboard = new LiveDashboard('polled', live);
});
afterAll(async () => {
  await dashboard?.close();
  await live?.close();
});

// Where hosts see each other's processes, the real server behind it is found as well.
it.runIf(isIsolated())(
  'a server that gives no events is polled: what it asks is shown anyway, and answered',
  async () => {
    await dashboard.open({ interval: '3s' }, 'polled');
    const session = await live.begin('Approve it by polling', 'ask permission for it');
    await dashboard.triage(session.title);
    await dashboard.press('y', 'alpha: allowed once: touch approved');
    await live.waitUntilDone(session);
    const asksNothing = (lines: readonly string[]) => triageRows(lines).every((row) => !row.startsWith('permission'));
    await dashboard.waitFor(asksNothing);
    await dashboard.leaveTriage();
    expect(rowOf(await dashboard.terminal.screen(), 'alpha')).not.toContain(' live ');
    const [host] = await live.listHosts();
    expect(host).toMatchObject({ live: false, servers: [{ version: '1.18.33' }] });
  },
);
