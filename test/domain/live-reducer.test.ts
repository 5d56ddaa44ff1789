import { describe, expect, it } from 'vitest';
import { type LiveEvent, type LiveReading, NOTHING_LIVE } from '../../src/domain/live.ts';
import { mergeReading } from '../../src/domain/live-merge.ts';
import { applyLiveEvents, applyLiveReading, type LiveView } from '../../src/domain/live-reducer.ts';
import { applyLink, applyUnlink } from '../../src/domain/live-servers.ts';
import { aPermission, aQuestion, aServer, aSession, NOW } from '../support/builders.ts';

const KEY = 'one';
const start = (...sessions: ReturnType<typeof aSession>[]): LiveView => ({ sessions, live: NOTHING_LIVE });
const tell = (view: LiveView, ...events: LiveEvent[]) => applyLiveEvents(view, KEY, events, NOW);
const reading = (changes: Partial<LiveReading>): LiveReading => ({
  ...{ statuses: new Map(), requests: [], directories: ['/srv/shop'] },
  ...changes,
});
const status = (kind: 'busy' | 'idle'): LiveEvent => ({ kind: 'status', sessionId: 'ses_1', status: { kind } });
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

  it('a prompt opens a turn before its session is told to be busy', () => {
    const failed = start(aSession({ turn: 'failed', error: 'APIError', messages: 2 }));
    const prompted = tell(failed, { kind: 'message', sessionId: 'ses_1', messageId: 'msg_3', role: 'assistant' });
    expect(prompted.sessions[0]).toMatchObject({ turn: 'open', error: null, messages: 3 });
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
  const link = (state: 'live' | 'failed') => ({ server: aServer(), state, reason: null, since: NOW }) as const;

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
    const { view, mixed } = mergeReading(told, read, NOW - 10);
    expect(mixed).toBe(true);
    expect(view.sessions.map(({ id, title }) => [id, title])).toEqual([
      ['ses_1', 'Told'],
      ['ses_3', 'New'],
    ]);
    const later = mergeReading(view, read, NOW + 10);
    expect(later).toMatchObject({ mixed: false, view: { live: { deleted: new Map(), changed: new Map() } } });
    expect(later.view.sessions).toBe(read);
  });

  it('does not undo a change that came right after another word of the session', () => {
    const heard = tell(start(aSession({ title: 'Old' })), { kind: 'activity', sessionId: 'ses_1' });
    const renamed: LiveEvent = { kind: 'session', facts: facts('ses_1', { title: 'Told' }) };
    const told = applyLiveEvents(heard, KEY, [renamed], NOW + 500);
    const { view } = mergeReading(told, [aSession({ title: 'Old' })], NOW + 400);
    expect(view.sessions).toMatchObject([{ title: 'Told' }]);
  });

  it('takes what was read of a session that was only heard of meanwhile', () => {
    const told = tell(start(aSession({ cost: 1 })), { kind: 'activity', sessionId: 'ses_1' });
    const { view, mixed } = mergeReading(told, [aSession({ cost: 2 })], NOW - 10);
    expect(view.sessions).toMatchObject([{ cost: 2 }]);
    expect(mixed).toBe(false);
  });

  it('does not open again a turn that was stopped before its answer began, until someone changes the session', () => {
    const prompted = aSession({ turn: 'open', updated: NOW - 2000 });
    const stopped = tell(start(prompted), status('busy'), status('idle'));
    const read = (updated: number) => mergeReading(stopped, [{ ...prompted, updated }], NOW + 10).view.sessions[0];
    expect(read(NOW - 2000)?.turn).toBe('ended');
    expect(read(NOW + 1)?.turn).toBe('open');
    const again = tell(stopped, { kind: 'message', sessionId: 'ses_1', messageId: 'msg_9', role: 'assistant' });
    expect(mergeReading(again, [prompted], NOW + 10).view.sessions[0]?.turn).toBe('open');
  });

  it('does not forget how a turn ended where the host does not tell', () => {
    const error: LiveEvent = { kind: 'error', sessionId: 'ses_1', name: 'APIError', message: 'no' };
    const failed = tell(start(aSession({ turn: 'unknown' })), status('busy'), error, status('idle'));
    const { view } = mergeReading(failed, [aSession({ turn: 'unknown' })], NOW + 10);
    expect(view.sessions).toMatchObject([{ turn: 'failed', error: 'APIError' }]);
  });

  it('lists a session that was deleted and brought back while it was on its way', () => {
    const gone = tell(start(aSession()), { kind: 'deleted', sessionId: 'ses_1' });
    const back = tell(gone, { kind: 'session', facts: facts('ses_1') });
    expect(mergeReading(back, [aSession()], NOW - 10).view.sessions).toHaveLength(1);
  });

  it('leaves a turn open that the server knows nothing of but a new name', () => {
    const renamed = tell(start(aSession()), { kind: 'session', facts: facts('ses_1', { updated: NOW + 5 }) });
    const read = [aSession({ turn: 'open', updated: NOW + 5 })];
    expect(mergeReading(renamed, read, NOW + 10).view.sessions[0]?.turn).toBe('open');
  });
});

describe('the end of a turn', () => {
  const error: LiveEvent = { kind: 'error', sessionId: 'ses_1', name: 'APIError', message: 'no' };
  const at = (view: LiveView, time: number, ...events: LiveEvent[]) => applyLiveEvents(view, KEY, events, time);

  it('is noted by the clock of the host, once for each turn', () => {
    const view = { ...start(aSession({ turn: 'open' })), clockOffset: 60_000 };
    const failed = at(at(view, NOW, status('busy'), error), NOW + 9, status('idle'), status('idle'));
    expect(failed.live.ends.get('ses_1')?.endedAt).toBe(NOW + 60_000);
    expect(at(failed, NOW + 10, status('busy')).live.ends.size).toBe(0);
  });

  it('is noted again for a prompt that fails before its session is busy', () => {
    const ended = at(start(aSession()), NOW, status('busy'), status('idle'));
    expect(at(ended, NOW + 9, error).live.ends.get('ses_1')?.endedAt).toBe(NOW + 9);
  });

  it('does not move when the session is renamed or touched by the next prompt', () => {
    const ended = at(start(aSession()), NOW, status('busy'), status('idle'));
    const renamed = at(ended, NOW + 9, { kind: 'session', facts: facts('ses_1', { updated: NOW + 8 }) });
    expect(renamed.live.ends.get('ses_1')).toMatchObject({ endedAt: NOW, until: NOW + 8 });
    const resting = at(start(aSession({ updated: NOW - 50 })), NOW, { kind: 'session', facts: facts('ses_1') });
    expect(resting.live.ends.get('ses_1')).toMatchObject({ endedAt: NOW - 50, until: NOW });
  });
});

describe('a session that one server works on', () => {
  const busy = tell(start(aSession({ turn: 'open' })), {
    kind: 'status',
    sessionId: 'ses_1',
    status: { kind: 'busy' },
  });
  const other = (...events: LiveEvent[]) => applyLiveEvents(busy, 'two', events, NOW + 5000);

  it('stays its own, whatever another one tells of it', () => {
    const idle: LiveEvent = { kind: 'status', sessionId: 'ses_1', status: { kind: 'idle' } };
    const told = other({ kind: 'session', facts: facts('ses_1') }, idle, { kind: 'activity', sessionId: 'ses_1' });
    expect(told.live.sessions.get('ses_1')).toMatchObject({ server: KEY, status: { kind: 'busy' } });
    const asked = applyLiveReading(told, 'two', reading({}), NOW + 6000);
    expect(asked.sessions[0]).toMatchObject({ title: 'New', turn: 'open' });
  });

  it('goes over to another one that works on it or asks for it', () => {
    const takes: LiveEvent[] = [
      { kind: 'status', sessionId: 'ses_1', status: { kind: 'busy' } },
      { kind: 'asked', request: aPermission() },
    ];
    for (const event of takes) expect(other(event).live.sessions.get('ses_1')?.server).toBe('two');
  });
});
