import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { rowOf } from '../support/lab-dashboard.ts';
import { LiveDashboard, sessionRow, signOf } from '../support/live-dashboard.ts';
import { LiveFleet, type MadeSession } from '../support/live-fleet.ts';
import { ScreenWatch } from '../support/screen-watch.ts';

/** Milliseconds in which a loss that the program is told of is on the screen, on a machine that does other work too. */
const SOON = 30_000;

let live: LiveFleet;
let dashboard: LiveDashboard;
let working: MadeSession;
let asking: MadeSession;

beforeAll(async () => {
  live = await LiveFleet.start();
  dashboard = new LiveDashboard('outages', live);
});
afterEach(async () => {
  await dashboard?.close();
  await live?.clear();
});
afterAll(() => live?.close());

describe('while a session works and another one waits for the user', () => {
  it('a server that is killed leaves nothing that works or waits, and its successor is followed once it is found', async () => {
    await begin('killed', '1h');
    await live.killServer();
    try {
      await dashboard.waitFor(bothInterrupted, SOON);
      const after = await ScreenWatch.during(dashboard, async () => {
        await dashboard.waitFor((lines) => / polled /.test(rowOf(lines, 'alpha') ?? ''));
        await dashboard.press('r', (lines) => / R359\ds$/.test(lines[0] ?? ''));
      });
      for (const lines of after.screens) {
        expect(bothInterrupted(lines), lines.join('\n')).toBe(true);
        expect(sessionRow(lines, asking.title)).not.toContain('permission');
      }
    } finally {
      await live.startServer();
    }
    await dashboard.press('r', (lines) => / live( |$)/.test(rowOf(lines, 'alpha') ?? ''));
    await expectToWorkAgain();
    await expectSameCounts();
  });

  it('an sshd that is killed makes the host offline and stale, and all is live again once it is back', async () => {
    await begin('sshd');
    await live.fleet.stop('alpha');
    try {
      await dashboard.waitFor((lines) => / offline +\d+[smh] /.test(rowOf(lines, 'alpha') ?? ''), SOON);
      const lines = await dashboard.waitFor(bothUnknown, SOON);
      expect(rowOf(lines, 'alpha')).toContain(' offline ');
      expect(rowOf(lines, 'alpha')).not.toContain(' live ');
      expect(counts(lines)).toMatchObject({ working: 0 });
    } finally {
      await live.fleet.start('alpha');
    }
    await dashboard.waitFor((lines) => / live( |$)/.test(rowOf(lines, 'alpha') ?? ''));
    // Both went on meanwhile: the server is not a child of the sshd.
    await dashboard.waitFor((lines) => sign(lines, working) === 'working' && sign(lines, asking) === '!');
    await expectToWorkAgain();
    await expectSameCounts();
  });

  it('a network that is frozen makes what is shown stale, and nothing that happened meanwhile is lost', async () => {
    await begin('frozen');
    await live.fleet.pause('alpha');
    let meanwhile: MadeSession;
    try {
      meanwhile = await live.begin('Begun in the dark', 'ask question about it');
      await dashboard.waitFor((lines) => !/ live( |$)/.test(rowOf(lines, 'alpha') ?? ''), 120_000);
      await dashboard.waitFor((lines) => / offline +\d+[smh] /.test(rowOf(lines, 'alpha') ?? ''), 120_000);
      const lines = await dashboard.waitFor(bothUnknown, 120_000);
      expect(counts(lines)).toMatchObject({ working: 0 });
      await live.approve(asking);
      await live.waitUntilDone(asking);
    } finally {
      await live.fleet.resume('alpha');
    }
    await dashboard.waitFor((lines) => / live( |$)/.test(rowOf(lines, 'alpha') ?? ''), 120_000);
    await dashboard.waitFor((lines) => sign(lines, working) === 'working' && sign(lines, meanwhile) === '!', 120_000);
    await dashboard.waitFor((lines) => sign(lines, asking) === 'D');
    await expectToWorkAgain();
    await expectSameCounts();
  }, 400_000);
});

const bothInterrupted = (lines: readonly string[]) => sign(lines, working) === 'I' && sign(lines, asking) === 'I';
const bothUnknown = (lines: readonly string[]) => sign(lines, working) === '?' && sign(lines, asking) === '?';
const sign = (lines: readonly string[], { title }: MadeSession) => signOf(lines, title);

/** Opens the dashboard on a session that works and one that asks, with the rows of both on the screen. */
async function begin(name: string, interval = '10s'): Promise<void> {
  await dashboard.open({ interval, yaml: 'sessions: {max_display: 50}', timeout: '5s' });
  working = await live.begin(`Work ${name}`, 'migrate slowly');
  asking = await live.begin(`Ask ${name}`, 'ask permission for it');
  await live.watch.find('permission.asked', { sessionID: asking.id });
  await dashboard.unfold('work/api');
  await dashboard.waitFor((lines) => sign(lines, working) === 'working' && sign(lines, asking) === '!');
}

/** The stream tells again of what happens now, and a request is there once. */
async function expectToWorkAgain(): Promise<void> {
  const session = await live.begin('Ask after the outage', 'ask permission for it');
  const lines = await dashboard.waitFor((screen) => sign(screen, session) === '!');
  expect(lines.filter((line) => line.includes(` ${session.title} `))).toHaveLength(1);
  expect(lines.filter((line) => line.includes(` ${working.title} `))).toHaveLength(1);
  await dashboard.triage(session.title);
  await dashboard.press('y', 'alpha: allowed once: touch approved');
  await live.waitUntilDone(session);
  await dashboard.leaveTriage();
  await dashboard.waitFor((screen) => sign(screen, session) === 'D');
  await live.remove(session);
  await dashboard.waitFor((screen) => sessionRow(screen, session.title) === undefined);
}

/** The header's counts match those of a fresh run of the program, and so do the signs of the rows. */
async function expectSameCounts(): Promise<void> {
  const listed = async () => {
    const roots = (await live.listSessions()).filter(
      ({ parentId, status }) => parentId === null && status !== 'archived',
    );
    const count = (status: string) => roots.filter((session) => session.status === status).length;
    return { sessions: roots.length, working: count('working'), waiting: count('waiting') };
  };
  await expect.poll(async () => counts(await dashboard.terminal.screen()), { timeout: 30_000 }).toEqual(await listed());
  const titles = (await live.listSessions()).filter(({ status }) => status === 'waiting').map(({ title }) => title);
  const lines = await dashboard.terminal.screen();
  for (const title of titles) expect(signOf(lines, title), lines.join('\n')).toBe('!');
}

function counts([header = '']: readonly string[]) {
  const count = (pattern: RegExp) => Number(pattern.exec(header)?.[1] ?? 0);
  return {
    sessions: count(/ (\d+) sessions?\b/),
    working: count(/ [|/\\W-](\d+) (?:R\d+ )?working/),
    waiting: count(/ needs? you .*!(\d+)/),
  };
}
