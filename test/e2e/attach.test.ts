import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { type Lab, startLab } from '../ssh-lab/lab.ts';
import type { LabHostPlan } from '../ssh-lab/plan.ts';
import { isDashboard, LabDashboard, rowOf } from '../support/lab-dashboard.ts';
import { findProcessesOf, findProcessesWith } from '../support/traces.ts';

const hosts = { left: { opencode: true }, right: { opencode: true } } as const satisfies Record<string, LabHostPlan>;
type Alias = keyof typeof hosts;

const rates = { title: 'Cache the exchange rates', said: 'You said: cache them for an hour' };
const contrast = { title: 'Contrast of the buttons', said: 'You said: measure the contrast' };

/** ms for a screen that is kept already, on a busy machine: opencode needs seconds to make it. */
const AT_ONCE = 500;

const once = 'polling: {interval: 1h, timeout: 60s}';

let lab: Lab<Alias>;
let dashboard: LabDashboard;

beforeAll(async () => {
  lab = await startLab(hosts);
  dashboard = new LabDashboard('ocr-attach', lab);
});
afterEach(() => dashboard?.close());
afterAll(() => lab?.close());

describe('sessions that are attached', () => {
  it('run on when they are left, each on its own, and are there again at once', async () => {
    await dashboard.open({ include: ['left', 'right'], yaml: `${once}\nsessions: {attach: direct}` });
    await dashboard.waitUntilOnline('left', 'right');
    await unfold();
    for (const [alias, session] of [
      ['left', rates],
      ['left', contrast],
      ['right', rates],
    ] as const) {
      await attach(alias, session);
      await dashboard.waitFor(session.said);
      await detach(session);
    }
    expect(running('left')).toHaveLength(2);
    expect(running('right')).toHaveLength(1);

    await dashboard.terminal.resize(100, 30);
    await dashboard.waitFor((lines) => lines.length === 30 && isDashboard(lines));
    for (const [alias, session] of [
      ['right', rates],
      ['left', contrast],
      ['left', rates],
    ] as const) {
      await attach(alias, session);
      await dashboard.terminal.waitFor(session.said, AT_ONCE);
      await dashboard.terminal.type('typed inside');
      await dashboard.waitFor('typed inside');
      await detach(session);
    }
    await attach('left', rates);
    await dashboard.waitFor('typed inside');
    // The first one empties the input.
    await dashboard.keys('C-c');
    await dashboard.waitFor((lines) => lines.join('\n').includes(rates.said) && !lines.join().includes('typed inside'));
    await dashboard.keys('C-c');
    await dashboard.waitFor(isDashboard);
    await expect.poll(() => running('left').length).toBe(1);
    expect(running('right')).toHaveLength(1);

    await lab.host('right').stop();
    try {
      await dashboard.waitFor(/"Cache the exchange rates" on right is no longer attached: the connection was lost/);
    } finally {
      await lab.host('right').start();
    }
    await attach('right', rates);
    await dashboard.waitFor(rates.said);
    await detach(rates);

    await leave();
    await expect.poll(() => [...running('left'), ...running('right')]).toEqual([]);
  });

  it('through a server go on without their terminal, and their password is in no argument', async () => {
    await dashboard.open({ include: ['left'], yaml: `${once}\nsessions: {attach: server}` });
    await dashboard.waitUntilOnline('left');
    await unfold();
    await attach('left', rates);
    await dashboard.waitFor(rates.said);
    expect(running('left').filter((line) => / attach http:\/\/127\.0\.0\.1:\d+ /.test(line))).toHaveLength(1);
    const password = readPassword('left');
    expect(findProcessesWith([password]).filter((path) => path.endsWith('cmdline'))).toEqual([]);
    await detach(rates);
    await attach('left', rates);
    await dashboard.waitFor(rates.said);
    await dashboard.keys('C-c');
    await dashboard.waitFor(isDashboard);
    await expect.poll(() => running('left').map((line) => / serve /.test(`${line} `))).toEqual([true]);
    await leave();
    expect(running('left')).toHaveLength(1);
    expect(readFileSync(dashboard.recording, 'latin1')).not.toContain(password);
    expect(readFileSync(dashboard.log, 'utf8')).not.toContain(password);
  });
});

/** The command lines of opencode on a host. */
function running(alias: Alias): string[] {
  return findProcessesOf(lab.host(alias).home, 'opencode');
}

function readPassword(alias: Alias): string {
  const folder = join(lab.host(alias).home, '.local/state/opencode-remote');
  const [file = ''] = readdirSync(folder).filter((name) => /^server.*\.json$/.test(name));
  return z.object({ password: z.string().min(20) }).parse(JSON.parse(readFileSync(join(folder, file), 'utf8')))
    .password;
}

/** Leaves no row folded. */
async function unfold(): Promise<void> {
  for (;;) {
    const lines = await dashboard.waitFor(/^▌/);
    const row = lines.find((line) => line.startsWith('▌')) ?? '';
    if (row.includes('▸')) {
      await dashboard.keys('Space');
      await dashboard.waitFor((screen) => !screen.includes(row));
    } else {
      await dashboard.keys('j');
      if ((await dashboard.terminal.waitFor((screen) => !screen.includes(row), 500).catch(() => null)) === null) return;
    }
  }
}

/** Presses Enter on the row of a session until the dashboard is gone: the first keys after an attach are dropped. */
async function attach(alias: Alias, session: typeof rates): Promise<void> {
  for (;;) {
    const lines = await dashboard.waitFor(
      (screen) => isDashboard(screen) && screen.some((line) => line.startsWith('▌')),
    );
    const at = lines.findIndex((line) => line.startsWith('▌'));
    const below = lines
      .slice(0, at + 1)
      .findLast((line) => (['left', 'right'] as const).some((name) => rowOf([line], name)));
    if (rowOf([below ?? ''], alias) !== undefined && lines[at]?.includes(session.title)) break;
    await dashboard.keys('j');
    const moved = await dashboard.terminal.waitFor((screen) => screen[at] !== lines[at], 700).catch(() => null);
    if (moved === null) await dashboard.keys('Home');
  }
  const given = async () => {
    await dashboard.keys('Enter');
    const is = (lines: readonly string[]) => !isDashboard(lines) || lines.join().includes('opening the session');
    return dashboard.terminal.waitFor(is, 500).then(Boolean, () => false);
  };
  await expect
    .poll(given, { timeout: 10_000 })
    .toBe(true)
    .catch(async (cause: unknown) => {
      throw new Error(`Enter opens nothing:\n${(await dashboard.terminal.screen()).join('\n')}`, { cause });
    });
}

async function detach(session: typeof rates): Promise<void> {
  await dashboard.keys('C-]');
  await dashboard.waitFor((lines) => isDashboard(lines) && lines.join().includes(`"${session.title}" keeps running`));
}

async function leave(): Promise<void> {
  const press = async () => {
    await dashboard.keys('q');
    const seen = await dashboard.terminal.waitFor(
      (lines) => lines.some((line) => /Quit ocr\?|^ready>$/.test(line)),
      500,
    );
    return seen.length > 0;
  };
  await expect.poll(() => press().catch(() => false), { timeout: 10_000 }).toBe(true);
  const isAsked = (lines: readonly string[]) => lines.join().includes('Quit ocr?');
  // A key that arrives with the question does not answer it.
  const answered = async () => {
    if (!isAsked(await dashboard.terminal.screen())) return true;
    await dashboard.keys('y');
    return dashboard.terminal.waitFor((lines) => !isAsked(lines), 500).then(Boolean, () => false);
  };
  await expect.poll(answered, { timeout: 10_000 }).toBe(true);
  await dashboard.waitUntilLeft();
}
