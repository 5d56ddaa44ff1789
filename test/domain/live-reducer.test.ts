import { describe, expect, it } from 'vitest';
import { type LiveEvent, type LiveReading, NOTHING_LIVE } from '../../src/domain/live.ts';
import {
  applyLink,
  applyLiveEvents,
  applyLiveReading,
  applyUnlink,
  type LiveView,
  mergeReading,
} from '../../src/domain/live-reducer.ts';
import { aPermission, aQuestion, aServer, aSession, NOW } from '../support/builders.ts';

const KEY = 'one';
const start = (...sessions: ReturnType<typeof aSession>[]): LiveView => ({ sessions, live: NOTHING_LIVE });
const tell = (view: LiveView, ...events: LiveEvent[]) => applyLiveEvents(view, KEY, events, NOW);
const reading = (changes: Partial<LiveReading>): LiveReading => ({
  ...{ statuses: new Map(), requests: [], directories: ['/srv/shop'] },
  ...changes,
});
const facts = (id: string, changes = {}) => ({
  ...{ id, parentId: null, title: 'New', directory: '/srv/shop', created: NOW, updated: NOW, archived: null },
  ...changes,
});

describe('what servers tell', () => {
  it('a busy session has an open turn, and an idle one has ended it', () => {
    const busy = tell(start(aSession()), { kind: 'status', sessionId: 'ses_1', status: { kind: 'busy' } });
    expect(busy.sessions[0]?.turn).toBe('open');
    expect(busy.live.sessions.get('ses_1')).toMatchObject({ server: KEY, status: { kind: 'busy' }, since: NOW });
    const idle = tell(busy, { kind: 'status', sessionId: 'ses_1', status: { kind: 'idle' } });
    expect(idle.sessions[0]?.turn).toBe('ended');
  });

  it('a turn that fails stays failed when its session turns idle, and is forgotten with the next turn', () => {
    const error: LiveEvent = { kind: 'error', sessionId: 'ses_1', name: 'APIError', message: 'no' };
    const idle: LiveEvent = { kind: 'status', sessionId: 'ses_1', status: { kind: 'idle' } };
    const failed = tell(start(aSession({ turn: 'open' })), error, idle);
    expect(failed.sessions[0]).toMatchObject({ turn: 'failed', error: 'APIError' });
    const again = tell(failed, { kind: 'status', sessionId: 'ses_1', status: { kind: 'busy' } });
    expect(again.sessions[0]).toMatchObject({ turn: 'open', error: null });
  });

  it('a new session takes the project of its neighbours, and a known one only what is told', () => {
    const known = aSession({ project: '/srv', directory: '/srv/shop', cost: 2 });
    const view = tell(
      start(known),
      { kind: 'session', facts: facts('ses_2') },
      { kind: 'session', facts: facts('ses_1') },
    );
    expect(view.sessions).toMatchObject([
      { id: 'ses_1', title: 'New', cost: 2 },
      { id: 'ses_2', project: '/srv', messages: 0 },
    ]);
  });

  it('a deleted session goes with what it asked', () => {
    const view = tell(
      start(aSession(), aSession({ id: 'ses_2' })),
      { kind: 'asked', request: aPermission() },
      { kind: 'deleted', sessionId: 'ses_1' },
    );
    expect(view.sessions.map(({ id }) => id)).toEqual(['ses_2']);
    expect(view.live.requests.size).toBe(0);
  });

  it('a request that is asked twice keeps the time at which it was first seen', () => {
    const view = tell(
      start(aSession()),
      { kind: 'asked', request: aPermission({ since: NOW - 5000 }) },
      { kind: 'asked', request: aPermission({ since: NOW }) },
    );
    expect([...view.live.requests.values()]).toMatchObject([{ server: KEY, request: { since: NOW - 5000 } }]);
    const settled = tell(view, { kind: 'settled', requestId: 'per_1', sessionId: 'ses_1', how: 'once' });
    expect(settled.live.requests.size).toBe(0);
    expect(settled.live.settled.get('per_1')).toBe('once');
  });

  it('what a subagent does is heard of the session that it works for', () => {
    const view = start(aSession(), aSession({ id: 'ses_2', parentId: 'ses_1' }));
    const busy = tell(view, { kind: 'status', sessionId: 'ses_1', status: { kind: 'busy' } });
    const later = applyLiveEvents(busy, KEY, [{ kind: 'activity', sessionId: 'ses_2' }], NOW + 60_000);
    expect(later.live.sessions.get('ses_1')?.heardAt).toBe(NOW + 60_000);
  });

  it('events that change nothing leave the same objects', () => {
    const view = tell(start(aSession()), { kind: 'activity', sessionId: 'ses_1' });
    expect(tell(view, { kind: 'activity', sessionId: 'ses_1' }).live).toBe(view.live);
    expect(tell(view, { kind: 'settled', requestId: 'x', sessionId: 'ses_9', how: 'once' }).sessions).toBe(
      view.sessions,
    );
  });
});

describe('what a server answers when it is asked', () => {
  it('makes those idle that it does not name, where it was asked, and only its own', () => {
    const sessions = [aSession(), aSession({ id: 'ses_2', directory: '/else' }), aSession({ id: 'ses_3' })];
    const busy = (sessionId: string): LiveEvent => ({ kind: 'status', sessionId, status: { kind: 'busy' } });
    const one = tell(start(...sessions), busy('ses_1'), busy('ses_2'));
    const both = applyLiveEvents(one, 'two', [busy('ses_3')], NOW);
    const asked = applyLiveReading(both, KEY, reading({}), NOW + 1);
    const kinds = sessions.map(({ id }) => asked.live.sessions.get(id)?.status.kind);
    expect(kinds).toEqual(['idle', 'busy', 'busy']);
  });

  it('drops the requests that were answered meanwhile, and lists new ones', () => {
    const before = tell(start(aSession()), { kind: 'asked', request: aPermission() });
    const asked = applyLiveReading(before, KEY, reading({ requests: [aQuestion()] }), NOW);
    expect([...asked.live.requests.keys()]).toEqual(['que_1']);
  });
});

describe('a way to a server', () => {
  const link = (state: 'live' | 'failed') => ({ server: aServer(), state, reason: null }) as const;

  it('that is lost takes along what the server told, but nothing of another one', () => {
    const one = tell(start(aSession()), { kind: 'asked', request: aPermission() });
    const both = applyLiveEvents(one, 'two', [{ kind: 'asked', request: aQuestion() }], NOW);
    const lost = applyLink(both.live, KEY, link('failed'));
    expect([...lost.requests.keys()]).toEqual(['que_1']);
    expect(lost.servers.get(KEY)?.state).toBe('failed');
    expect(applyUnlink(lost, KEY).servers.size).toBe(0);
  });
});

describe('an answer of a host', () => {
  it('does not undo what was told while it was on its way', () => {
    const told = tell(
      start(aSession({ title: 'Old' }), aSession({ id: 'ses_2' })),
      { kind: 'session', facts: facts('ses_1', { title: 'Told' }) },
      { kind: 'deleted', sessionId: 'ses_2' },
      { kind: 'session', facts: facts('ses_3') },
    );
    const read = [aSession({ title: 'Old' }), aSession({ id: 'ses_2' })];
    const merged = mergeReading(told, read, NOW - 10);
    expect(merged.sessions.map(({ id, title }) => [id, title])).toEqual([
      ['ses_1', 'Told'],
      ['ses_3', 'New'],
    ]);
    const later = mergeReading(merged, read, NOW + 10);
    expect(later.sessions).toBe(read);
    expect(later.live.deleted.size).toBe(0);
  });
});
