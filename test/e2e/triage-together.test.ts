import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { LiveDashboard, triageRows } from '../support/live-dashboard.ts';
import { LiveFleet } from '../support/live-fleet.ts';

let live: LiveFleet;
let left: LiveDashboard;
let right: LiveDashboard;

beforeAll(async () => {
  live = await LiveFleet.start();
  left = new LiveDashboard('together-left', live);
  right = new LiveDashboard('together-right', live);
});
afterEach(async () => {
  await Promise.all([left?.close(), right?.close()]);
  await live?.clear();
});
afterAll(() => live?.close());

/** The number that begins an own answer, behind the two options. */
const OWN = '3';

const asksNothing = (lines: readonly string[]) => triageRows(lines).every((row) => !/^(permission|question)/.test(row));

/** Of answers at the same moment. */
const ROUNDS = 5;

describe('two dashboards on one fleet', () => {
  it('show what was answered in the other one, and that it was', async () => {
    await Promise.all([left.open(), right.open()]);
    const permission = await live.begin('Approve it together', 'ask permission for it');
    await Promise.all([left.triage(permission.title), right.triage(permission.title)]);
    await left.press('y', 'alpha: allowed once: touch approved');
    await right.waitFor('alpha: a permission was allowed once elsewhere');
    await right.waitFor(asksNothing);
    await live.waitUntilDone(permission);

    const question = await live.begin('Choose it together', 'ask question about it');
    await Promise.all([left.triage(question.title), right.triage(question.title)]);
    await right.press('y', `${question.title} asks`);
    await right.terminal.type(`${OWN}neither`);
    await right.press('Enter', /answering|alpha: answered/);
    await left.waitFor('alpha: a question was answered elsewhere');
    await left.waitFor(asksNothing);
    await live.waitUntilDone(question);

    const rejected = await live.begin('Reject it together', 'ask question about it');
    await Promise.all([left.triage(rejected.title), right.triage(rejected.title)]);
    await left.press('N', 'Reject on alpha');
    await left.press('Enter', /rejecting|alpha: rejected/);
    await right.waitFor('alpha: a question was rejected elsewhere');
    expect(left.readLog() + right.readLog()).not.toMatch(/"level":"error"/);
  });

  it('answer once when both answer at the same moment', async () => {
    await Promise.all([left.open(), right.open()]);
    for (let round = 1; round <= ROUNDS; round += 1) {
      const session = await live.begin(`Approve it at once ${round}`, 'ask permission for it');
      const { properties } = await live.watch.find('permission.asked', { sessionID: session.id });
      await Promise.all([left.triage(session.title), right.triage(session.title)]);
      await Promise.all([left, right].map((dashboard) => dashboard.press('y', asksNothing)));
      await live.waitUntilDone(session);
      expect(live.watch.all('permission.replied', { requestID: properties.id })).toHaveLength(1);
      await live.remove(session);
    }
    const histories = await Promise.all([left, right].map((dashboard) => dashboard.press('@', / \[6 Log\] /)));
    const allowed = histories
      .flat()
      .filter((line) => /\d\d:\d\d:\d\d {2}alpha: allowed once: touch approved/.test(line));
    expect(allowed, histories.flat().join('\n')).toHaveLength(ROUNDS);
  });

  it('say in an open form that someone else was faster', async () => {
    await Promise.all([left.open(), right.open()]);
    const session = await live.begin('Choose it slowly', 'ask question about it');
    await Promise.all([left.triage(session.title), right.triage(session.title)]);
    await Promise.all([left.press('y', `${session.title} asks`), right.press('y', `${session.title} asks`)]);
    await left.terminal.type(`${OWN}mine`);
    await right.terminal.type(`${OWN}too late`);
    await right.waitFor('something else: too late');
    await left.press('Enter', /answering|alpha: answered/);
    await left.waitFor('alpha: answered');
    await right.press('Enter', /is no longer pending/);
    await live.waitUntilDone(session);
    const transcript = await live.transcript(session);
    expect(transcript).toContain('=\\"mine\\"');
    expect(transcript).not.toContain('too late');
  });
});

/** A dashboard's message about the last answer, once there is one. */
