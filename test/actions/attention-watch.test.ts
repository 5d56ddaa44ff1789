import { describe, expect, it, onTestFinished } from 'vitest';
import { watchAttention } from '../../src/actions/attention-watch.ts';
import { type LiveEvent, NOTHING_LIVE } from '../../src/domain/live.ts';
import type { Session } from '../../src/domain/session.ts';
import { answeredKey } from '../../src/fleet/answered-requests.ts';
import { FleetStore } from '../../src/fleet/fleet-store.ts';
import { hostsChanged } from '../../src/fleet/fleet-transitions.ts';
import { NOTHING_SEEN, withBaseline } from '../../src/fleet/seen.ts';
import { type AttentionItem, selectAttention } from '../../src/fleet/select-attention.ts';
import { createRowSelector } from '../../src/store/select-rows.ts';
import { createOcrStore } from '../../src/store/store.ts';
import { inTriageOrder, requestScrolled } from '../../src/store/triage.ts';
import { moved } from '../../src/store/view-transitions.ts';
import { viewShown } from '../../src/store/view-travels.ts';
import {
  answered,
  aPermission,
  aQuestion,
  aSession,
  aSnapshot,
  HOUR,
  MINUTE,
  NOW,
  SETTINGS,
} from '../support/builders.ts';

/** A store that is watched, with one host. */
function open(
  sessions: readonly Session[] = [
    aSession({ updated: NOW - 2 * HOUR }),
    aSession({ id: 'ses_2', updated: NOW - 2 * HOUR }),
  ],
) {
  const time = { now: NOW };
  const fleet = new FleetStore(SETTINGS);
  const store = createOcrStore(fleet, SETTINGS, false);
  fleet.setState({
    entries: new Map([['web1', answered('web1', sessions)]]),
    seen: withBaseline(NOTHING_SEEN, 'web1', aSnapshot({ at: NOW - HOUR })),
  });
  const told: string[][] = [];
  const notify = (items: readonly AttentionItem[]) =>
    void told.push(items.map(({ session, attention }) => `${attention.kind} ${session.id}`));
  onTestFinished(watchAttention(store, notify, () => time.now));
  const tell = (...events: readonly LiveEvent[]) =>
    fleet.setState(hostsChanged([{ kind: 'reported', alias: 'web1', server: 'one', events, at: time.now }]));
  const items = () => inTriageOrder(selectAttention(store.getState(), time.now));
  return { fleet, store, told, tell, time, items };
}

const permission: LiveEvent = { kind: 'asked', request: aPermission({ since: NOW - MINUTE }) };
const question: LiveEvent = { kind: 'asked', request: aQuestion({ sessionId: 'ses_2' }) };
const settled = (requestId: string, how: 'once' | 'answered' | 'rejected'): LiveEvent => {
  return { kind: 'settled', requestId, sessionId: 'ses_1', how };
};

describe('a user is called', () => {
  it('once for each request, together with those that come with it', () => {
    const { told, tell } = open();
    tell(permission, question);
    tell(permission);
    tell({ kind: 'activity', sessionId: 'ses_1' });
    expect(told).toEqual([['permission ses_1', 'question ses_2']]);
    tell(settled('per_1', 'once'), { kind: 'asked', request: aPermission({ id: 'per_2' }) });
    expect(told.slice(1)).toEqual([['permission ses_1']]);
  });

  it('not again when the way to the server was lost and found', () => {
    const { fleet, store, told, tell } = open();
    tell(permission);
    const entry = store.getState().entries.get('web1')!;
    fleet.setState({ entries: new Map([['web1', { ...entry, live: NOTHING_LIVE }]]) });
    tell(permission);
    expect(told).toEqual([['permission ses_1']]);
  });

  it('for an error since the start, but not for one before, nor for a turn that ended', () => {
    const failed = aSession({ turn: 'failed', error: 'APIError', updated: NOW - MINUTE });
    const { fleet, store, told, time, tell } = open([
      failed,
      aSession({ id: 'ses_2', turn: 'open' }),
      aSession({ id: 'ses_3', updated: NOW - MINUTE }),
    ]);
    tell({ kind: 'activity', sessionId: 'ses_3' });
    time.now += MINUTE;
    const entry = store.getState().entries.get('web1')!;
    const sessions = entry.snapshot!.sessions.map((session) =>
      session.id === 'ses_2' ? { ...session, turn: 'failed' as const, updated: time.now } : session,
    );
    fleet.setState({ entries: new Map([['web1', { ...entry, snapshot: { ...entry.snapshot!, sessions } }]]) });
    expect(told).toEqual([['error ses_2']]);
  });

  it('not for what is snoozed', () => {
    const { fleet, told, tell } = open();
    fleet.setState({ snoozed: new Map([['web1\0per_1', NOW + HOUR]]) });
    tell(permission);
    expect(told).toEqual([]);
  });

  it('not for a session that goes on after it has waited for an answer for long', () => {
    const { told, tell, time, items } = open();
    tell({ kind: 'status', sessionId: 'ses_1', status: { kind: 'busy' } }, permission);
    time.now += HOUR;
    tell(settled('per_1', 'once'));
    expect(told).toEqual([['permission ses_1']]);
    expect(items()).toEqual([]);
  });
});

describe('an answer that someone else gave', () => {
  it('is told, and one that was given here is not', () => {
    const { fleet, store, tell } = open();
    tell(permission, question);
    fleet.setState({ answered: new Map([[answeredKey('web1', 'one', 'que_1'), NOW]]) });
    tell(settled('que_1', 'answered'));
    expect(store.getState().toast).toBeNull();
    tell(settled('per_1', 'once'));
    expect(store.getState().toast?.text).toBe('web1: a permission was allowed once elsewhere');
  });

  it.each([
    ['another host', answeredKey('web2', 'one', 'per_1'), NOW],
    ['another server of the host', answeredKey('web1', 'two', 'per_1'), NOW],
    ['long ago', answeredKey('web1', 'one', 'per_1'), NOW - MINUTE],
  ])('is told where the same id was answered here on %s', (_where, key, at) => {
    const { fleet, store, tell } = open();
    tell(permission);
    fleet.setState({ answered: new Map([[key, at]]) });
    tell(settled('per_1', 'once'));
    expect(store.getState().toast?.text).toBe('web1: a permission was allowed once elsewhere');
  });

  it('is not told of a request that went with its server', () => {
    const { fleet, store, tell } = open();
    tell(permission);
    fleet.setState(hostsChanged([{ kind: 'unlinked', alias: 'web1', server: 'one' }]));
    expect(store.getState().toast).toBeNull();
  });
});

describe('the selection of the triage view', () => {
  const begun = () => {
    const opened = open();
    opened.tell(permission, question);
    opened.store.setState(viewShown('triage'));
    move(opened, 0);
    return opened;
  };
  const move = ({ store, time }: ReturnType<typeof open>, steps: number) =>
    store.setState(moved(createRowSelector()(store.getState(), time.now), steps));
  const selected = ({ store, items }: ReturnType<typeof open>) =>
    items().find(({ key }) => key === store.getState().selected?.key)?.session.id;

  it('stays on its session when one that has waited longer comes', () => {
    const opened = begun();
    opened.tell({ kind: 'asked', request: aPermission({ id: 'per_0', sessionId: 'ses_2', since: NOW - HOUR }) });
    expect(selected(opened)).toBe('ses_1');
    expect(opened.items()[0]?.session.id).toBe('ses_2');
    expect(opened.store.getState().keysFrom).toBe(0);
  });

  it('goes on to the next one when its own is answered, from its first line on, and hears no key that was meant for the other', () => {
    const opened = begun();
    opened.store.setState(requestScrolled(5, 9));
    opened.tell(settled('per_1', 'once'));
    expect(selected(opened)).toBe('ses_2');
    expect(opened.store.getState().requestTop).toBe(0);
    expect(opened.store.getState().keysFrom).toBeGreaterThan(Date.now());
  });

  it('goes on to the next one when the user has its own be quiet, and hears the next key', () => {
    const opened = begun();
    opened.store.setState(requestScrolled(5, 9));
    const [item] = opened.items();
    opened.fleet.setState({ snoozed: new Map([[item!.key, NOW + HOUR]]) });
    expect(selected(opened)).toBe('ses_2');
    expect(opened.store.getState()).toMatchObject({ requestTop: 0, keysFrom: 0 });
  });

  it('goes to the one before when the last one goes, and to nothing with the only one', () => {
    const opened = begun();
    move(opened, 1);
    expect(selected(opened)).toBe('ses_2');
    opened.tell(settled('que_1', 'answered'));
    expect(selected(opened)).toBe('ses_1');
    opened.tell(settled('per_1', 'once'));
    expect(opened.store.getState()).toMatchObject({ selected: null, requestTop: 0 });
    opened.tell(question);
    expect(selected(opened)).toBe('ses_2');
  });
});
