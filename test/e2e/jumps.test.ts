import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { findLabCapabilities } from '../ssh-lab/capabilities.ts';
import { type Lab, startLab } from '../ssh-lab/lab.ts';
import type { LabHostPlan } from '../ssh-lab/plan.ts';
import { forwardedTargets } from '../ssh-lab/sshd-log.ts';
import { LabDashboard, rowOf } from '../support/lab-dashboard.ts';

const can = findLabCapabilities();

/** All that is behind another can be reached through it alone. */
const hosts = {
  outer: { opencode: true },
  inner: { behind: 'outer', opencode: true },
  first: { behind: 'inner', opencode: true },
  second: { behind: 'inner', opencode: true },
  third: { behind: 'inner', opencode: true },
  aside: { opencode: true },
} as const satisfies Record<string, LabHostPlan>;

const all = ['outer', 'inner', 'first', 'second', 'third', 'aside'] as const;
const behindInner = ['first', 'second', 'third'] as const;
const frequent = 'polling: {interval: 2s, timeout: 3s}';

let lab: Lab<keyof typeof hosts>;
let dashboard: LabDashboard;

describe.skipIf(!can.behind)('a fleet behind two hops (needs root)', () => {
  beforeAll(async () => {
    lab = await startLab(hosts);
    dashboard = new LabDashboard('ocr-jumps', lab);
  });
  afterEach(() => dashboard?.close());
  afterAll(() => lab?.close());

  it('is blocked while the outer hop is down, says by whom, and is back with it, without a key', async () => {
    await dashboard.open({ include: all, yaml: frequent });
    await dashboard.waitUntilOnline(...all);
    expect(forwardedTargets(await lab.host('inner').log())).toEqual(
      expect.arrayContaining(behindInner.map((alias) => `${lab.host(alias).address}:${lab.host(alias).port}`)),
    );

    await lab.host('outer').stop();
    await dashboard.waitForRow('outer', / offline .*connection refused/);
    for (const alias of ['inner', ...behindInner]) {
      await dashboard.waitForRow(alias, / blocked +\d+s .*by outer: connection refused/);
    }
    const down = await dashboard.waitUntilOnline('aside');
    expect(down[0]).toContain(' 1/6 hosts ');

    await lab.host('outer').start();
    const up = await dashboard.waitUntilOnline(...all);
    expect(up[0]).toContain(' 6 hosts   12 sessions');
  });

  it('is blocked while the inner hop is frozen, says by whom, and is back when it goes on', async () => {
    await dashboard.open({ include: all, yaml: frequent });
    await dashboard.waitUntilOnline(...all);

    await lab.host('inner').pause();
    try {
      await dashboard.waitForRow('inner', / offline .*no .*answer/);
      for (const alias of behindInner) await dashboard.waitForRow(alias, / blocked .*by inner: .*no .*answer/);
      const frozen = await dashboard.waitUntilOnline('outer', 'aside');
      expect(rowOf(frozen, 'first')).toMatch(/ blocked +\d+s /);
    } finally {
      await lab.host('inner').resume();
    }
    await dashboard.waitUntilOnline(...all);
  });
});
