import { describe, expect, it } from 'vitest';
import { type LiveHost, NOTHING_LIVE } from '../../src/domain/live.ts';
import type { Session } from '../../src/domain/session.ts';
import { waitForSession } from '../../src/operations/sessions/wait-session.ts';
import { anEntry, aPermission, aSession, aSnapshot, NOW } from '../support/builders.ts';
import { FakeContext } from './fake-context.ts';

const ref = { alias: 'web1', id: 'ses_1' };
const signal = new AbortController().signal;
const busy = { server: 's', status: { kind: 'busy' }, since: NOW, heardAt: NOW, todo: null } as const;
const working: LiveHost = { ...NOTHING_LIVE, sessions: new Map([['ses_1', busy]]) };

function entryWith(changes: Partial<Session>, live: LiveHost = NOTHING_LIVE) {
  return anEntry({ live, snapshot: aSnapshot({ sessions: [aSession(changes)] }), fresh: true });
}

describe('waiting for a session', () => {
  it('resolves at once if its turn has ended', async () => {
    const { context } = new FakeContext([entryWith({ turn: 'ended', updated: NOW, endedAt: NOW })], null);
    expect(await waitForSession(context, ref, {}, signal)).toEqual({ kind: 'ended', endedAt: NOW });
  });

  it('ignores the turn before a time', async () => {
    const fake = new FakeContext([entryWith({ turn: 'ended', updated: NOW, endedAt: NOW })], null);
    const waiting = waitForSession(fake.context, ref, { after: NOW, pollInterval: 60_000 }, signal);
    await new Promise(setImmediate);
    fake.put(entryWith({ turn: 'open', updated: NOW + 1 }, working));
    await new Promise(setImmediate);
    fake.put(entryWith({ turn: 'ended', updated: NOW + 5, endedAt: NOW + 5 }));
    expect(await waiting).toEqual({ kind: 'ended', endedAt: NOW + 5 });
  });

  it.each([
    ['of a new session', { turn: 'ended', messages: 0, endedAt: undefined }],
    ['of a session that ended before', { turn: 'ended', endedAt: NOW - 5 }],
  ] as const)('does not take the change by a prompt for an end, %s', async (_name, session) => {
    const fake = new FakeContext([entryWith({ ...session, updated: NOW - 5 })], null);
    const waiting = waitForSession(fake.context, ref, { after: NOW, pollInterval: 60_000 }, signal);
    await new Promise(setImmediate);
    fake.put(entryWith({ ...session, updated: NOW + 1 }));
    await new Promise(setImmediate);
    fake.put(entryWith({ ...session, turn: 'ended', updated: NOW + 7, endedAt: NOW + 7 }));
    expect(await waiting).toEqual({ kind: 'ended', endedAt: NOW + 7 });
  });

  it('polls a host without an event stream', async () => {
    const fake = new FakeContext([entryWith({ turn: 'open', updated: NOW })], null);
    fake.onPoll = () => fake.put(entryWith({ turn: 'ended', updated: NOW + 9, endedAt: NOW + 9 }));
    expect(await waitForSession(fake.context, ref, { after: NOW, pollInterval: 1 }, signal)).toMatchObject({
      kind: 'ended',
    });
    expect(fake.polls).toEqual(['web1']);
  });

  it('tells what the session or its subagents ask', async () => {
    const request = aPermission({ sessionId: 'ses_1' });
    const pending = { server: 's', request };
    const fake = new FakeContext([entryWith({ turn: 'open' }, working)], null);
    const waiting = waitForSession(fake.context, ref, { pollInterval: 60_000 }, signal);
    await new Promise(setImmediate);
    fake.put(entryWith({ turn: 'open' }, { ...working, requests: new Map([[request.id, pending]]) }));
    expect(await waiting).toEqual({ kind: 'asks', pending });
  });

  it('tells a failure in the words of its event', async () => {
    const fake = new FakeContext([entryWith({ turn: 'open' }, working)], null);
    const waiting = waitForSession(fake.context, ref, { pollInterval: 60_000 }, signal);
    await new Promise(setImmediate);
    fake.tell({ kind: 'error', sessionId: 'ses_1', name: 'APIError', message: 'out of credit' });
    fake.put(entryWith({ turn: 'failed', error: 'APIError' }));
    expect(await waiting).toEqual({ kind: 'failed', message: 'out of credit' });
  });

  it('tells that a turn has stalled', async () => {
    const fake = new FakeContext([entryWith({ turn: 'open' }, working)], null);
    fake.now = NOW + 3_600_000;
    expect(await waitForSession(fake.context, ref, {}, signal)).toEqual({ kind: 'stalled' });
  });

  it('ends when the session is deleted', async () => {
    const fake = new FakeContext([entryWith({ turn: 'open' }, working)], null);
    const waiting = waitForSession(fake.context, ref, { pollInterval: 60_000 }, signal);
    await new Promise(setImmediate);
    fake.tell({ kind: 'deleted', sessionId: 'ses_1' });
    expect(await waiting).toEqual({ kind: 'gone' });
  });

  it('ends after its timeout, and rejects when it is aborted', async () => {
    const fake = new FakeContext([entryWith({ turn: 'open' }, working)], null);
    expect(await waitForSession(fake.context, ref, { timeout: 5 }, signal)).toEqual({ kind: 'timeout' });
    const stop = new AbortController();
    const waiting = waitForSession(fake.context, ref, {}, stop.signal);
    stop.abort(new Error('enough'));
    await expect(waiting).rejects.toThrow('enough');
  });

  it('rejects for a session that is not there', async () => {
    const fake = new FakeContext([entryWith({})], null);
    const unknown = { alias: 'web1', id: 'ses_9' };
    await expect(waitForSession(fake.context, unknown, {}, signal)).rejects.toThrow('no session ses_9 on web1');
    expect(fake.polls).toEqual(['web1']);
  });
});
