import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Lab, startLab } from '../ssh-lab/lab.ts';
import type { LabHostPlan } from '../ssh-lab/plan.ts';
import { authenticationAttempted, connectionEnd } from '../ssh-lab/sshd-log.ts';
import { expectToFit, LabDashboard } from '../support/lab-dashboard.ts';
import { popupOf } from '../support/popup.ts';

const run = promisify(execFile);

const hosts = {
  unknown: { trust: 'unknown', opencode: true },
  hashing: { trust: 'unknown', client: ['HashKnownHosts yes'], opencode: true },
  changed: { trust: 'changed', opencode: true },
} as const satisfies Record<string, LabHostPlan>;
type Alias = keyof typeof hosts;

let lab: Lab<Alias>;
let dashboard: LabDashboard;

beforeAll(async () => {
  lab = await startLab(hosts);
  dashboard = new LabDashboard('ocr-host-keys', lab);
});
afterEach(() => dashboard?.close());
afterAll(() => lab?.close());

describe('an unknown host key', () => {
  it.each([
    [80, 24],
    [160, 50],
  ])('is shown as ssh-keygen shows it, and stays unknown unless y is pressed, in %i columns', async (columns, rows) => {
    const before = await readFile(lab.knownHosts);
    const { fingerprint, randomart } = await describeKey('unknown');
    await dashboard.open({ include: ['unknown'], columns, rows });
    await dashboard.waitForRow('unknown', ' new key ');
    await dashboard.select('unknown');
    await dashboard.keys('a');
    const screen = await dashboard.waitFor('shows an unknown host key');
    expectToFit(screen, columns, rows);
    const shown = popupOf(screen);
    expect(shown.map((line) => line.trim().split(' ')[0])).toContain(fingerprint);
    const first = shown.findIndex((line) => line.endsWith(randomart[0] ?? '?'));
    const picture = shown.slice(first, first + randomart.length);
    expect(picture.map((line) => line.slice(-(randomart[0]?.length ?? 0)))).toEqual(randomart);
    expect(shown.join('\n')).toContain(`key of ${nameOf('unknown')}`);
    expect(shown.at(-1)).toMatch(/^y add this key {2}.*n leave it$/);

    // Whichever presses are taken, enter comes before n.
    await pressUntil(['Enter', 'n'], (lines) => popupOf(lines).length === 0);
    await dashboard.waitForRow('unknown', ' new key ');
    expect(await readFile(lab.knownHosts)).toEqual(before);
    expect(authenticationAttempted(await lab.host('unknown').waitForLog(connectionEnd))).toBe(false);
  });

  it.each([
    ['unknown', /^\[127\./],
    ['hashing', /^\|1\|/],
  ] as const)(
    'of %s is recorded by y, in one line that ssh-keygen finds, and the host is online',
    async (alias, form) => {
      const before = await readFile(lab.knownHosts, 'utf8');
      await dashboard.open({ include: [alias] });
      await dashboard.waitForRow(alias, ' new key ');
      await dashboard.select(alias);
      await dashboard.keys('a');
      await dashboard.waitFor('shows an unknown host key');
      await pressUntil(['y'], (lines) => popupOf(lines).length === 0);
      const online = await dashboard.waitUntilOnline(alias);
      expect(online[0]).toContain('1 host   2 sessions');

      const after = await readFile(lab.knownHosts, 'utf8');
      expect(after.startsWith(before)).toBe(true);
      const added = after.slice(before.length);
      expect(added).toMatch(/^[^\n]+\n$/);
      expect(added).toMatch(form);
      const { stdout } = await run('ssh-keygen', ['-F', nameOf(alias), '-f', lab.knownHosts]);
      expect(stdout).toContain(added.trim().split(' ').slice(1).join(' '));
      expect(stdout).toContain(keyOf(alias));
    },
  );
});

describe('a host key that is not the one on record', () => {
  it('is refused with the reason, the line and the command to run, and nothing is written', async () => {
    const before = await readFile(lab.knownHosts);
    await dashboard.open({ include: ['changed'], columns: 160, rows: 50 });
    await dashboard.waitForRow('changed', / key changed .* not the one in /);
    await dashboard.select('changed');
    await dashboard.keys('a');
    await dashboard.waitFor('the key of changed has changed: ssh refuses it too; e shows what to do');
    await dashboard.keys('e');
    const error = popupOf(await dashboard.waitFor(/esc close$/))
      .map((text) => text.trim())
      .join(' ');
    const { stdout } = await run('ssh-keygen', ['-F', nameOf('changed'), '-f', lab.knownHosts]);
    const line = /found: line (\d+)/.exec(stdout)?.[1];
    expect(error).toContain(`not the one in ${lab.knownHosts}:${line}`);
    expect(error).toContain((await describeKey('changed')).fingerprint);
    expect(error).toContain(`ssh-keygen -R '${nameOf('changed')}' -f '${lab.knownHosts}'`);
    await dashboard.keys('Escape');
    await dashboard.waitForRow('changed', ' key changed ');
    expect(await readFile(lab.knownHosts)).toEqual(before);
    expect(authenticationAttempted(await lab.host('changed').waitForLog(connectionEnd))).toBe(false);
  });
});

/** Presses keys, repeatedly, until the screen fulfils `done`. */
async function pressUntil(keys: readonly string[], done: (lines: readonly string[]) => boolean): Promise<void> {
  const press = async () => {
    await dashboard.keys(...keys);
    return dashboard.terminal.waitFor(done, 300).then(Boolean, () => false);
  };
  await expect.poll(press, { timeout: 10_000 }).toBe(true);
}

/** The host's name in known_hosts. */
function nameOf(alias: Alias): string {
  const { address, port } = lab.host(alias);
  return `[${address}]:${port}`;
}

/** `TYPE KEY` of the host. */
function keyOf(alias: Alias): string {
  return lab.host(alias).publicKeys[0]?.split(' ').slice(0, 2).join(' ') ?? '';
}

/** ssh-keygen's description of the host's key. */
async function describeKey(alias: Alias): Promise<{ fingerprint: string; randomart: string[] }> {
  const file = join(lab.directory, `${alias}.pub`);
  await writeFile(file, `${keyOf(alias)}\n`);
  const { stdout } = await run('ssh-keygen', ['-lvf', file]);
  const [summary = '', ...randomart] = stdout.trimEnd().split('\n');
  return { fingerprint: summary.split(' ')[1] ?? '', randomart };
}
