import { expect, it } from 'vitest';
import { FleetStore } from '../../src/fleet/fleet-store.ts';
import { hostsChanged, hostsDiscovered } from '../../src/fleet/fleet-transitions.ts';
import { sessionKey } from '../../src/store/keys.ts';
import { selectedSession } from '../../src/store/selection.ts';
import { createOcrStore } from '../../src/store/store.ts';
import { aHost, aSession, aSnapshot, NOW, SETTINGS } from '../support/builders.ts';

const sessions = ['a', 'b', 'c'].map((id, index) => aSession({ id, updated: NOW - index }));

function select(id: string) {
  const fleet = new FleetStore(SETTINGS);
  const store = createOcrStore(fleet, SETTINGS, false);
  fleet.setState(hostsDiscovered([aHost()]));
  const answer = (listed: typeof sessions) => {
    const snapshot = aSnapshot({ sessions: listed });
    fleet.setState(hostsChanged([{ kind: 'answered', alias: 'web1', snapshot }]));
    return store.getState().selected?.key;
  };
  answer(sessions);
  store.setState({ selected: selectedSession('web1', id) });
  return answer;
}

const without = (id: string) => sessions.filter((session) => session.id !== id);

it('the session that takes the place of a deleted one is selected, and of the last one that before it', () => {
  expect(select('b')(without('b'))).toBe(sessionKey('web1', 'c'));
  expect(select('c')(without('c'))).toBe(sessionKey('web1', 'b'));
});

it('an archived session leaves the list like a deleted one', () => {
  const archived = sessions.map((session) => (session.id === 'a' ? { ...session, archived: NOW } : session));
  expect(select('a')(archived)).toBe(sessionKey('web1', 'b'));
});

it('the selection stays where its session is still listed, and where its project is gone', () => {
  expect(select('b')([...sessions].reverse())).toBe(sessionKey('web1', 'b'));
  expect(select('a')([])).toBe(sessionKey('web1', 'a'));
});
