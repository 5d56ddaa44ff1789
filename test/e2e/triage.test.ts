import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { rowOf } from '../support/lab-dashboard.ts';
import { LiveDashboard, signOf, triageRows } from '../support/live-dashboard.ts';
import { LiveFleet } from '../support/live-fleet.ts';
import { popupOf } from '../support/popup.ts';

let live: LiveFleet;
let dashboard: LiveDashboard;

beforeAll(async () => {
  live = await LiveFleet.start();
  dashboard = new LiveDashboard('triage', live);
});
afterEach(async () => {
  await dashboard?.close();
  await live?.clear();
});
afterAll(() => live?.close());

describe('a permission that is asked on a remote host', () => {
  it('is on the screen by itself, and y has the session go on to its end', async () => {
    await dashboard.open();
    await dashboard.press('t', 'Nothing needs you');
    const session = await live.begin('Approve the script', 'ask permission for it');
    await dashboard.waitFor(/^> {2}! permission +\d+s +alpha {2}Approve the script +touch approved/);
    await dashboard.waitFor(/^ command +touch approved$/);
    await dashboard.waitFor(/^ always +stops asking for touch \*/);
    expect((await dashboard.terminal.screen())[0]).toMatch(/ 1 needs you !1 \d+s /);
    const [id] = await live.pending('permission');

    await dashboard.press('y', 'alpha: allowed once: touch approved');
    await live.waitUntilDone(session);
    expect(existsSync(join(live.directory, 'approved'))).toBe(true);
    expect(live.watch.all('permission.replied', { requestID: id })).toHaveLength(1);
    await dashboard.waitFor((lines) => triageRows(lines).every((row) => !row.startsWith('permission')));
    expect(await live.pending('permission')).toEqual([]);
  });

  it('stands in its row, at its project and its host, and y answers it there too', async () => {
    await dashboard.open();
    const session = await live.begin('Approve it in the tree', 'ask permission for it');
    await dashboard.waitFor((lines) => / !\d+ /.test(rowOf(lines, 'alpha') ?? ''));
    await dashboard.find(session.title);
    const lines = await dashboard.waitFor(/^> .*Approve it in the tree .*permission +\d+s {2}touch approved/);
    expect(signOf(lines, session.title)).toBe('!');
    expect(lines.find((line) => / \S*work\/api /.test(line))).toMatch(/ !1\b/);
    await dashboard.press('y', 'alpha: allowed once: touch approved');
    await live.waitUntilDone(session);
    await dashboard.waitFor((screen) => signOf(screen, session.title) === 'D');
  });

  it('is rejected with a message, which the session is told', async () => {
    await dashboard.open();
    const session = await live.begin('Reject the script', 'ask permission for it');
    await dashboard.triage(session.title);
    await dashboard.press('N', 'Reject on alpha');
    await dashboard.terminal.type('use "make" instead; $(touch x)');
    await dashboard.press('Enter', /rejecting|alpha: rejected/);
    await dashboard.waitFor('alpha: rejected');
    await live.waitUntilDone(session);
    expect(await live.transcript(session)).toContain(JSON.stringify('use "make" instead; $(touch x)').slice(1, -1));
    expect(await live.pending('permission')).toEqual([]);
  });

  it('is allowed for good once the user has seen what that allows, and is not asked again', async () => {
    await dashboard.open();
    const session = await live.begin('Allow it always', 'ask permission for it');
    await dashboard.triage(session.title);
    await dashboard.press('Y', 'Always allow bash on alpha?');
    await dashboard.waitFor(/^ +touch \*$/);
    await dashboard.press('Escape', (lines) => popupOf(lines).length === 0);
    await dashboard.waitFor(/^> {2}! permission .*Allow it always/);
    expect(await live.pending('permission')).toHaveLength(1);
    await dashboard.press('Y', 'Always allow bash on alpha?');
    await dashboard.press('y', 'alpha: always allowed');
    await live.waitUntilDone(session);
    const asked = live.watch.all('permission.asked', {}).length;
    await live.prompt(session, 'ask permission once more');
    await expect
      .poll(async () => (await live.transcript(session)).match(/"Done\."/g)?.length, { timeout: 30_000 })
      .toBe(2);
    expect(live.watch.all('permission.asked', {})).toHaveLength(asked);
    await restart();
  });

  it('shows the change that it is about', async () => {
    await dashboard.open();
    const file = join(live.directory, 'greeting.txt');
    rmSync(file, { force: true });
    const session = await live.begin('Write the greeting', 'ask edit of the greeting');
    await dashboard.triage(session.title);
    const lines = await dashboard.waitFor(/^ \+hello$/);
    expect(lines).toContain(' +world');
    expect(lines.join('\n')).toMatch(/ path +\S*greeting\.txt/);
    expect(existsSync(file)).toBe(false);
    await dashboard.press('y', 'alpha: allowed once: edit ');
    await live.waitUntilDone(session);
    expect(readFileSync(file, 'utf8')).toBe('hello\nworld\n');
  });

  it('of a subagent stands at its root session, and y answers it there', async () => {
    await dashboard.open();
    const session = await live.begin('Send a subagent', 'ask subagent for help');
    const lines = await dashboard.triage(session.title);
    expect(triageRows(lines).filter((row) => row.includes('touch approved'))).toHaveLength(1);
    await dashboard.waitFor(/^ subagent +Create the marker file/);
    await dashboard.press('y', 'alpha: allowed once: touch approved');
    await live.waitUntilDone(session);
  });
});

describe('a question that is asked on a remote host', () => {
  it('is answered by one of its options', async () => {
    await dashboard.open();
    const session = await live.begin('Choose a database', 'ask question about it');
    await dashboard.triage(session.title);
    await dashboard.waitFor(/^ Which database should the new service use\?$/);
    await dashboard.waitFor(/^ +\( \) SQLite$/);
    await dashboard.press('y', `${session.title} asks`);
    await highlight('SQLite');
    await dashboard.press('Enter', /answering|alpha: answered/);
    await dashboard.waitFor('alpha: answered');
    await live.waitUntilDone(session);
    expect(await live.transcript(session)).toContain('=\\"SQLite\\"');
  });

  it("is answered in words of one's own", async () => {
    await dashboard.open();
    const session = await live.begin('Choose another database', 'ask question about it');
    await dashboard.triage(session.title);
    await dashboard.press('y', `${session.title} asks`);
    const shown = popupOf(await dashboard.waitFor('something else: ')).join('\n');
    // Before its number is pressed letters are not text.
    await dashboard.terminal.type(`x${/(\d) +something else:/.exec(shown)?.[1]}`);
    await dashboard.terminal.type('neither: "files", -- $(touch x)');
    await dashboard.waitFor('something else: neither: "files", -- $(touch x)');
    await dashboard.press('Enter', /answering|alpha: answered/);
    await dashboard.waitFor('alpha: answered');
    await live.waitUntilDone(session);
    expect(await live.transcript(session)).toContain('neither: \\"files\\", -- $(touch x)');
    expect(existsSync(join(live.directory, 'x'))).toBe(false);
  });

  it('with another one behind it is answered one after the other', async () => {
    await dashboard.open();
    const session = await live.begin('Choose database and regions', 'ask two questions about it');
    await dashboard.triage(session.title);
    await dashboard.waitFor(/\(and 1 more\)/);
    await dashboard.press('y', `${session.title} asks`);
    await highlight('PostgreSQL');
    await dashboard.press('Enter', 'Which regions should it run in?');
    await highlight('Frankfurt');
    await dashboard.press('Space', '[x] Frankfurt');
    await highlight('Oslo');
    await dashboard.press('Space', '[x] Oslo');
    await dashboard.press('Enter', /answering|alpha: answered/);
    await dashboard.waitFor('alpha: answered');
    await live.waitUntilDone(session);
    const transcript = await live.transcript(session);
    expect(transcript).toContain('=\\"PostgreSQL\\"');
    expect(transcript).toContain('=\\"Frankfurt, Oslo\\"');
  });
});

/** Moves down to an option of the form. */
async function highlight(option: string): Promise<void> {
  const highlighted = (screen: readonly string[]) => popupOf(screen).find((line) => /^ +> /.test(line)) ?? '';
  await dashboard.waitFor((screen) => popupOf(screen).some((line) => line.includes(` ${option}`)));
  for (;;) {
    const row = highlighted(await dashboard.terminal.screen());
    if (row.includes(` ${option}`)) return;
    await dashboard.press('Down', (screen) => highlighted(screen) !== row);
  }
}

/** `always` is forgotten when its server ends. */
async function restart(): Promise<void> {
  await live.killServer();
  await live.startServer();
}
