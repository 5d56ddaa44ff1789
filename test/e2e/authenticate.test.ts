import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { findLabCapabilities } from '../ssh-lab/capabilities.ts';
import { makeSecret } from '../ssh-lab/keyring.ts';
import { type Lab, startLab } from '../ssh-lab/lab.ts';
import type { LabHostPlan } from '../ssh-lab/plan.ts';
import { expectToFit, isOnline, LabDashboard, rowOf } from '../support/lab-dashboard.ts';
import { popupOf } from '../support/popup.ts';
import { findFilesWith, findProcessesOf, findProcessesWith } from '../support/traces.ts';

const can = findLabCapabilities();

const hosts = {
  plain: { opencode: true },
  pass: { access: 'password', opencode: true },
  prompts: { access: 'two-prompts', opencode: true },
} as const satisfies Record<string, LabHostPlan>;

const title = 'Cache the exchange rates';
const said = 'You said: cache them for an hour';
const once = 'polling: {interval: 1h, timeout: 60s}';
const refusal = 'That was not accepted.';
const wrong = makeSecret();

let lab: Lab<keyof typeof hosts>;
let dashboard: LabDashboard;

describe.skipIf(!can.passwords || !can.codes)('authenticating on the screen (needs root)', () => {
  beforeAll(async () => {
    lab = await startLab(hosts);
    dashboard = new LabDashboard('ocr-authenticate', lab);
  });
  afterEach(() => dashboard?.close());
  afterAll(() => lab?.close());

  describe.each([
    ['ssh2', /^❯ Password: _$/, 80, 24],
    ['openssh', /^❯ \S+@\S+'s password: _$/, 120, 40],
  ])('a host that takes only a password, by %s', (transport, prompt, columns, rows) => {
    const yaml = `${once}\nssh: {transport: ${transport}}`;

    it('is online after a wrong password and the right one, and nothing is asked again', async () => {
      const before = await countLogins('pass');
      await dashboard.open({ include: ['pass'], columns, rows, yaml });
      await dashboard.waitForRow('pass', ' needs auth ');
      await dashboard.select('pass');
      await dashboard.keys('a');
      const asked = await dashboard.waitFor(prompt);
      expectToFit(asked, columns, rows);
      expect(popupOf(asked)[0]).toBe('Authenticate pass');
      expect(popupOf(asked).at(-1)).toMatch(/^enter send {2}.*esc cancel$/);
      await dashboard.typeHidden(wrong);
      await dashboard.keys('Enter');
      const again = await dashboard.waitFor(prompt);
      expect.soft(again.join('\n')).toContain(refusal);
      await dashboard.typeHidden(lab.password);
      expectToFit(await dashboard.terminal.screen(), columns, rows);
      await dashboard.keys('Enter');
      const online = await dashboard.waitUntilOnline('pass');
      expect(online[0]).toContain('1 host   2 sessions');

      await dashboard.visit('exchange', title, said);
      await dashboard.refresh();
      await dashboard.waitUntilOnline('pass');
      expect(await countLogins('pass')).toBe(before + 1);
      await expectNoTraceOf(wrong, lab.password);
    });
  });

  it('a host that asks for a password and a code is online after both, and nothing is asked again', async () => {
    await dashboard.open({ include: ['prompts'], columns: 160, rows: 50 });
    await dashboard.waitForRow('prompts', ' needs auth ');
    await dashboard.select('prompts');
    await dashboard.keys('a');
    await dashboard.answer('Password:', wrong);
    const code = await dashboard.waitFor(/^❯ Verification code: _$/);
    expectToFit(code, 160, 50);
    await dashboard.answer('Verification code:', lab.code());
    const again = await dashboard.waitFor(/^❯ Password: _$/);
    expect.soft(again.join('\n')).toContain(refusal);
    await dashboard.answer('Password:', lab.password);
    await dashboard.answer('Verification code:', lab.code());
    await dashboard.waitUntilOnline('prompts');

    await dashboard.visit('exchange', title, said);
    await dashboard.refresh();
    await dashboard.waitUntilOnline('prompts');
    expect(await countLogins('prompts')).toBe(1);
    await expectNoTraceOf(wrong, lab.password);
  });

  it('takes letters for text, and escape leaves the host as it was', async () => {
    await dashboard.open({ include: ['pass', 'plain'] });
    await dashboard.select('pass');
    const before = await dashboard.waitForRow('pass', ' needs auth ');
    const failed = await countFailures('pass');
    await dashboard.keys('a');
    await dashboard.waitFor(/^❯ Password: _$/);
    await dashboard.typeHidden('q?/a');
    await dashboard.keys('Escape');
    const after = await dashboard.waitUntilOnline('plain');
    expect(withoutAge(rowOf(after, 'pass'))).toBe(withoutAge(before));
    expect(after.at(-1)).toContain(' a connect ');
    await expect.poll(() => lab.host('pass').connections()).toBe(0);
    expect(await countFailures('pass')).toBe(failed);
  });

  it.each(['ssh2', 'openssh'])('ctrl+c in the dialog ends %s with everything that it had made', async (transport) => {
    const yaml = `${once}\nssh: {transport: ${transport}}`;
    await dashboard.open({ include: ['pass', 'plain'], yaml });
    await dashboard.waitForRow('pass', ' needs auth ');
    await dashboard.waitUntilOnline('plain');
    await dashboard.select('pass');
    await dashboard.keys('a');
    await dashboard.waitFor(/^❯ .*_$/);
    await dashboard.typeHidden(wrong.slice(0, 4));
    await dashboard.keys('C-c');
    await dashboard.waitUntilLeft();
    await expectNothingLeft();
    expect(readdirSync(join(clientHome(), '.cache/ocr'))).not.toContain('control');
    await expect.poll(() => ['pass', 'plain'].map((name) => lab.host(name as 'pass').connections())).toEqual([0, 0]);
  });

  it("the end of the terminal ends the system's ssh too", async () => {
    await dashboard.open({ include: ['plain'], yaml: `${once}\nssh: {transport: openssh}` });
    await dashboard.waitUntilOnline('plain');
    expect(findProcessesOf(clientHome(), 'ssh').length).toBeGreaterThan(0);
    await dashboard.close();
    await expectNothingLeft();
  });

  it('without batch_mode a host asks by itself, and no more for a while once it was refused', async () => {
    const yaml = 'polling: {interval: 2s, timeout: 60s}\nssh: {batch_mode: false}';
    await dashboard.open({ include: ['plain', 'pass'], yaml });
    const asked = await dashboard.waitFor(/^❯ Password: _$/);
    expect(popupOf(asked)[0]).toBe('Authenticate pass');
    expect(popupOf(asked).join('\n')).not.toContain('plain');
    await dashboard.typeHidden(wrong);
    await dashboard.keys('Escape');
    await dashboard.waitForRow('pass', ' needs auth ');

    // Two rounds of asking go by.
    const calm = (sought: (row: string) => boolean) =>
      dashboard.waitFor((lines) => {
        expect(lines.join('\n')).not.toContain('Authenticate');
        return sought(rowOf(lines, 'plain') ?? '');
      });
    await calm(isOnline);
    await lab.host('plain').stop();
    try {
      await calm((row) => row.includes(' offline '));
    } finally {
      await lab.host('plain').start();
    }
    await calm(isOnline);
  });
});

/** The row of a host without how long ago it was seen. */
function withoutAge(row = ''): string {
  return row.replace(/ \d+[smhd] /, ' ');
}

function clientHome(): string {
  return lab.environment.HOME ?? '';
}

/** Neither processes nor sockets nor the folders that they were in are there a while after the end. */
async function expectNothingLeft(): Promise<void> {
  const patience = { timeout: 5000 };
  await expect.poll(() => ['node', 'ssh'].flatMap((name) => findProcessesOf(clientHome(), name)), patience).toEqual([]);
  const folders = () => readdirSync(dashboard.temporary).filter((name) => name.startsWith('ocr-'));
  await expect.poll(folders, patience).toEqual([]);
}

/** Number of logins to a host. */
async function countLogins(alias: keyof typeof hosts): Promise<number> {
  return ((await lab.host(alias).log()).match(/^Accepted /gm) ?? []).length;
}

async function countFailures(alias: keyof typeof hosts): Promise<number> {
  return ((await lab.host(alias).log()).match(/^Failed password /gm) ?? []).length;
}

/** Nothing that was typed is in the log, on the terminal, in a file of client or hosts, or beside a process, while all is connected. */
async function expectNoTraceOf(...secrets: string[]): Promise<void> {
  expect(await readFile(dashboard.log, 'utf8')).toContain('auth-required');
  expect(await readFile(dashboard.recording, 'utf8')).toContain('Authenticate');
  expect(findFilesWith(lab.directory, secrets)).toEqual([]);
  expect(findProcessesWith(secrets)).toEqual([]);
}
