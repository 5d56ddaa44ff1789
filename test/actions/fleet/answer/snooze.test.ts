import { expect, it } from 'vitest';
import { markSessionsSeen, snoozeSessions } from '../../../../src/actions/fleet/answer/snooze.ts';
import { NOTHING_SEEN, withBaseline } from '../../../../src/fleet/seen.ts';
import { selectAttention } from '../../../../src/fleet/select-attention.ts';
import { answered, aSession, aSnapshot, HOUR, MINUTE, NOW } from '../../../support/builders.ts';
import { Desk, marking, selecting, targetsOf } from '../sessions/desk.ts';

/** Two sessions that ended and failed since the host was first seen, and one that did nothing. */
function open(clockOffset = 0) {
  const updated = NOW + clockOffset - MINUTE;
  const sessions = [
    aSession({ id: 'ses_1', updated }),
    aSession({ id: 'ses_2', updated, turn: 'failed', error: 'APIError' }),
    aSession({ id: 'ses_3', updated: NOW - 9 * HOUR }),
  ];
  const host = answered('web1', sessions);
  const entry = { ...host, snapshot: { ...host.snapshot!, clockOffset } };
  const desk = new Desk([entry]);
  const seen = withBaseline(NOTHING_SEEN, 'web1', aSnapshot({ at: NOW - HOUR, clockOffset }));
  desk.fleet.setState({ seen });
  const needing = (now = NOW) => selectAttention(desk.store.getState(), now).map(({ session }) => session.id);
  return { desk, entry, needing };
}

it('a snoozed session is quiet for its time, and heard again by the same key', async () => {
  const { desk, entry, needing } = open();
  expect(needing()).toEqual(['ses_1', 'ses_2']);
  await snoozeSessions(desk.ports, selecting(entry));
  expect(needing()).toEqual(['ses_2']);
  expect(needing(NOW + HOUR)).toContain('ses_1');
  expect(desk.toast).toBe('Snoozed for 1h; press again to wake');
  await snoozeSessions(desk.ports, selecting(entry));
  expect(needing()).toEqual(['ses_1', 'ses_2']);
  expect(desk.toast).toBe('Snooze ended');
});

it('marked sessions are snoozed together, and those of them that are not yet quiet too', async () => {
  const { desk, entry, needing } = open();
  await snoozeSessions(desk.ports, selecting(entry, 1));
  await snoozeSessions(desk.ports, marking(...targetsOf(entry)));
  expect(needing()).toEqual([]);
});

it('a session that needs no one is not snoozed', async () => {
  const { desk, entry } = open();
  await snoozeSessions(desk.ports, selecting(entry, 2));
  expect(desk.toast).toBe('it does not need you now');
  expect(desk.store.getState().snoozed.size).toBe(0);
});

it.each([0, -HOUR, HOUR])(
  'what was looked at is not news any more, by the clock of the host (%i ms off)',
  async (offset) => {
    const { desk, entry, needing } = open(offset);
    await markSessionsSeen(desk.ports, selecting(entry));
    expect(needing()).toEqual(['ses_2']);
    const ended = { ...entry.snapshot!.sessions[0]!, updated: NOW + offset + 5 };
    desk.put({ ...entry, snapshot: { ...entry.snapshot!, sessions: [ended] } });
    expect(needing()).toEqual(['ses_1']);
  },
);
