import { expect, it } from 'vitest';
import type { LiveEvent } from '../../src/domain/live.ts';
import { placesOf } from '../../src/domain/session-places.ts';
import { FleetStore } from '../../src/fleet/fleet-store.ts';
import { hostsChanged, hostsDiscovered } from '../../src/fleet/fleet-transitions.ts';
import { withSeen } from '../../src/fleet/seen.ts';
import { selectAttention } from '../../src/fleet/select-attention.ts';
import { aHost, aSession, aSnapshot, HOUR, NOW, SETTINGS } from '../support/builders.ts';

const alias = 'web1';
const server = 'one';
const id = 'ses_1';
const resting = aSession({ updated: NOW - HOUR });

/** A host that answered an hour ago, and was seen. */
function start(...sessions: ReturnType<typeof aSession>[]) {
  const fleet = new FleetStore(SETTINGS);
  fleet.setState(hostsDiscovered([aHost({ alias })]));
  const answer = (at: number, listed = sessions) => {
    const snapshot = aSnapshot({ at, sessions: listed, fingerprint: 'new' });
    fleet.setState(hostsChanged([{ kind: 'answered', alias, snapshot }]));
  };
  answer(NOW - HOUR);
  fleet.setState(({ seen }) => ({ seen: withSeen(seen, alias, [id], NOW - 1) }));
  const tell = (at: number, ...events: LiveEvent[]) =>
    fleet.setState(hostsChanged([{ kind: 'reported', alias, server, events, at }]));
  const snapshot = () => fleet.getState().entries.get(alias)!.snapshot!;
  const reasons = (now: number) => selectAttention(fleet.getState(), now).map(({ attention }) => attention.kind);
  return { answer, tell, snapshot, reasons };
}

const facts = { ...{ id, parentId: null, title: 'T', directory: '/srv/shop', created: 0 }, archived: null };
const touched = (updated: number): LiveEvent => ({ kind: 'session', facts: { ...facts, updated } });
const status = (kind: 'busy' | 'idle'): LiveEvent => ({ kind: 'status', sessionId: id, status: { kind } });

it('a prompt is not news at any moment until its turn has ended', () => {
  const { tell, reasons } = start(resting);
  const steps: LiveEvent[] = [
    touched(NOW),
    { kind: 'message', sessionId: id, messageId: 'msg_1', role: 'assistant' },
    touched(NOW + 2),
  ];
  for (const [step, event] of [...steps, status('busy')].entries()) {
    tell(NOW + step, event);
    expect(reasons(NOW + step)).toEqual([]);
  }
  tell(NOW + 9, status('idle'));
  expect(reasons(NOW + 9)).toEqual(['ended']);
});

it('a session that is created with a prompt is not news until its turn has ended', () => {
  const { tell, reasons } = start();
  const steps: LiveEvent[] = [
    touched(NOW),
    { kind: 'message', sessionId: id, messageId: 'msg_1', role: 'assistant' },
    status('busy'),
  ];
  for (const event of steps) {
    tell(NOW, event);
    expect(reasons(NOW)).toEqual([]);
  }
});

it('a turn that fails after the user looked is news, though its session was not touched', () => {
  const { tell, reasons } = start({ ...resting, turn: 'open' });
  tell(NOW, status('busy'), { kind: 'error', sessionId: id, name: 'APIError', message: 'no' }, status('idle'));
  expect(reasons(NOW)).toEqual(['error']);
});

it('a turn that was stopped before its answer began does not work again with the next answer of the host', () => {
  const { answer, tell, snapshot } = start(resting);
  const prompted = { ...resting, turn: 'open', updated: NOW } as const;
  tell(NOW, touched(NOW), status('busy'));
  tell(NOW + 2000, status('idle'));
  answer(NOW + 9000, [prompted]);
  expect(snapshot()).toMatchObject({ fingerprint: 'new', sessions: [{ turn: 'ended' }] });
});

it('a host is read again next time when what was told was kept over what was read', () => {
  const { answer, tell, snapshot } = start(resting);
  tell(NOW, touched(NOW));
  answer(NOW - 1);
  expect(snapshot()).toMatchObject({ fingerprint: null, sessions: [{ title: 'T' }] });
  answer(NOW + 1);
  expect(snapshot()).toMatchObject({ fingerprint: 'new', sessions: [{ title: resting.title }] });
});

it('a deleted session that was still read has its host read again, too', () => {
  const { answer, tell, snapshot } = start(resting);
  tell(NOW, { kind: 'deleted', sessionId: id });
  answer(NOW - 1);
  expect(snapshot()).toMatchObject({ fingerprint: null, sessions: [] });
});

it('where the sessions stand is found once, however many of them change', () => {
  const { tell, snapshot } = start(resting, aSession({ id: 'ses_2' }));
  const places = placesOf(snapshot().sessions);
  tell(NOW, touched(NOW));
  expect(placesOf(snapshot().sessions)).toBe(places);
  tell(NOW, { kind: 'session', facts: { ...facts, id: 'ses_3', updated: NOW } });
  expect(places.size).toBe(2);
  expect(placesOf(snapshot().sessions).get('ses_3')).toBe(2);
  tell(NOW, { kind: 'deleted', sessionId: id });
  expect([...placesOf(snapshot().sessions)]).toEqual([
    ['ses_2', 0],
    ['ses_3', 1],
  ]);
});
