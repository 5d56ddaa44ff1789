import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { findLabCapabilities } from '../ssh-lab/capabilities.ts';
import { type Lab, startLab } from '../ssh-lab/lab.ts';
import { runSsh } from '../ssh-lab/openssh.ts';
import type { LabHostPlan } from '../ssh-lab/plan.ts';
import { LabDashboard } from '../support/lab-dashboard.ts';
import { findFilesWith, findProcessesOf, findProcessesWith } from '../support/traces.ts';

const run = promisify(execFile);
const can = findLabCapabilities();

const hosts = {
  certificate: { access: 'certificate', opencode: true },
  shared: { access: 'password', client: ['ControlPath "~/never-used-%C"'], opencode: true },
  pass: { access: 'password', opencode: true },
} as const satisfies Record<string, LabHostPlan>;

const title = 'Cache the exchange rates';
const said = 'You said: cache them for an hour';

let lab: Lab<keyof typeof hosts>;
let dashboard: LabDashboard;

describe.skipIf(!can.passwords)("hosts that only the system's ssh reaches (needs root)", () => {
  beforeAll(async () => {
    lab = await startLab(hosts);
    dashboard = new LabDashboard('ocr-system-ssh', lab);
  });
  afterEach(() => dashboard?.close());
  afterAll(() => lab?.close());

  it('a host that takes a certificate alone is online, says why it is system ssh, and can be attached to', async () => {
    await dashboard.open({ include: ['certificate'] });
    await dashboard.waitUntilOnline('certificate');
    await dashboard.keys('i');
    await dashboard.waitFor(/│ ssh +system ssh: only the system's ssh can use/);
    await dashboard.keys('i');
    await dashboard.visit('exchange', title, said);
    await dashboard.waitUntilOnline('certificate');
    expect(await lab.host('certificate').log()).toContain('ED25519-CERT');

    await dashboard.keys('q');
    await dashboard.waitUntilLeft();
    await expect.poll(() => findProcessesOf(lab.environment.HOME ?? '', 'ssh')).toEqual([]);
  });
});
