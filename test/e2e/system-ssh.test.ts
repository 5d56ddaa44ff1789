import { execFile } from 'node:child_process';
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { findLabCapabilities } from '../ssh-lab/capabilities.ts';
import { type Lab, startLab } from '../ssh-lab/lab.ts';
import { runSsh } from '../ssh-lab/openssh.ts';
import type { LabHostPlan } from '../ssh-lab/plan.ts';
import { isDashboard, LabDashboard } from '../support/lab-dashboard.ts';
import { popupOf } from '../support/popup.ts';
import { findFilesWith, findProcessesOf, findProcessesWith } from '../support/traces.ts';

const run = promisify(execFile);
const can = findLabCapabilities();

const hosts = {
  certificate: { access: 'certificate', opencode: true },
  shared: { access: 'password', opencode: true },
  pass: { access: 'password', opencode: true },
} as const satisfies Record<string, LabHostPlan>;

const title = 'Cache the exchange rates';
const said = 'You said: cache them for an hour';
/** From here on the inspect panel is there from the start. */
const roomy = { columns: 160, rows: 50 };

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
    await dashboard.open({ include: ['certificate'], ...roomy });
    await waitForPanel(
      `system ssh: only the system's ssh can use the certificate ${lab.key('certified').path}-cert.pub`,
    );
    await dashboard.visit('exchange', title, said);
    await dashboard.waitUntilOnline('certificate');
    expect(await lab.host('certificate').log()).toContain('ED25519-CERT');

    await dashboard.keys('q');
    await dashboard.waitUntilLeft();
    await expect.poll(() => findProcessesOf(lab.environment.HOME ?? '', 'ssh')).toEqual([]);
  });

  it("the user's own ControlMaster is used without a question, and outlives the dashboard", async () => {
    // A folder for each attempt: a failed one leaves its ControlMaster.
    const path = join(await mkdtemp(join(lab.directory, 'own-')), 'socket');
    await writeFile(lab.sshConfig, `Host shared\n  ControlPath ${path}\n${await readFile(lab.sshConfig, 'utf8')}`);
    const before = await countLogins('shared');
    const answers = [['assword:', lab.password]] as const;
    const stay = ['-o', 'ControlMaster=yes', '-o', 'ControlPersist=yes'];
    expect(await runSsh(lab, 'shared', 'true', { options: stay, answers })).toMatchObject({ code: 0 });

    await dashboard.open({ include: ['shared'], ...roomy });
    await waitForPanel(`system ssh: a ControlMaster is running at ${path}`);
    await dashboard.visit('exchange', title, said);
    await dashboard.waitUntilOnline('shared');
    await dashboard.keys('q');
    await dashboard.waitUntilLeft();

    const { stderr } = await run('ssh', ['-F', lab.sshConfig, '-O', 'check', 'shared'], { env: lab.environment });
    expect(stderr).toContain('Master running');
    expect((await countLogins('shared')) - before).toBe(1);
    await run('ssh', ['-F', lab.sshConfig, '-O', 'exit', 'shared'], { env: lab.environment });
  });

  it.each(['C-c', 'C-\\'])('%s at the prompt of that ssh ends that ssh and not the dashboard', async (key) => {
    await dashboard.open({ include: ['pass'], ...roomy });
    await dashboard.waitForRow('pass', ' needs auth ');
    await dashboard.select('pass');
    await askInTerminal();
    await dashboard.keys(key);
    await dashboard.waitForRow('pass', ' needs auth ');
    await dashboard.waitFor(isDashboard);
    // The first keys are dropped, or close the error.
    const leave = async () => {
      await dashboard.keys('q');
      return dashboard.terminal.waitFor(/^ready>$/, 1000).then(Boolean, () => false);
    };
    await expect.poll(leave, { timeout: 10_000 }).toBe(true);
    await dashboard.waitUntilLeft();
  });

  it('ctrl+t runs the command that is shown in the terminal, and its ControlMaster is used from then on', async () => {
    const before = await countLogins('pass');
    await dashboard.open({ include: ['pass'], ...roomy });
    await dashboard.waitForRow('pass', ' needs auth ');
    await dashboard.select('pass');
    await dashboard.keys('a');
    const dialog = await dashboard.waitFor(/^❯ Password: _$/);
    const text = popupOf(dialog);
    const command = text.slice(text.findIndex((line) => /^ {2}\$ ssh /.test(line)));
    expect(unwrapped(command)).toMatch(/^\$ssh-F\S+-oControlPath=\S+-oControlMaster=auto.*--passtrue/);
    await expect
      .poll(async () => {
        await dashboard.keys('C-t');
        return dashboard.terminal.waitFor(/'s password: ?$/, 2000).then(Boolean, () => false);
      })
      .toBe(true);
    await dashboard.terminal.type(lab.password);
    await dashboard.keys('Enter');
    await dashboard.waitFor('pass: authenticated');
    await dashboard.waitUntilOnline('pass');
    await waitForPanel('system ssh: a ControlMaster is running at ');

    await dashboard.visit('exchange', title, said);
    await dashboard.waitUntilOnline('pass');
    expect((await countLogins('pass')) - before).toBe(1);
    expect(findFilesWith(lab.directory, [lab.password])).toEqual([]);
    expect(findProcessesWith([lab.password])).toEqual([]);
  });
});

/** Counts the logins that a host's sshd has accepted so far. */
async function countLogins(alias: keyof typeof hosts): Promise<number> {
  return (await lab.host(alias).log()).match(/^Accepted /gm)?.length ?? 0;
}

/** Makes ssh ask for the password of a host in the terminal. */
async function askInTerminal(): Promise<void> {
  await dashboard.keys('a');
  await dashboard.waitFor(/^❯ Password: _$/);
  const press = async () => {
    await dashboard.keys('C-t');
    return dashboard.terminal.waitFor(/'s password: ?$/, 2000).then(Boolean, () => false);
  };
  await expect.poll(press).toBe(true);
}

/** Waits for a fact of the inspect panel, however it is wrapped. */
async function waitForPanel(fact: string): Promise<void> {
  const packed = fact.replace(/\s/g, '');
  await dashboard.waitFor((lines) => {
    const panel = lines.map((line) => line.split('│')[1] ?? '');
    return panel.join('').replace(/\s/g, '').includes(packed);
  });
}

/** The text of lines that go on in the next one, also within a word, without its blanks. */
function unwrapped(lines: readonly string[]): string {
  return lines.join('').replaceAll(/\s/g, '');
}
