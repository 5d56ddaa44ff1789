import { describe, expect, it } from 'vitest';
import { attentionOf } from '../../src/domain/attention.ts';
import { isLive, type LiveEvent, type LiveReading, type LiveStatus, NOTHING_LIVE } from '../../src/domain/live.ts';
import { applyLiveEvents, applyLiveReading, type LiveView } from '../../src/domain/live-reducer.ts';
import { applyLink } from '../../src/domain/live-servers.ts';
import type { ServerState } from '../../src/domain/server.ts';
import type { Session } from '../../src/domain/session.ts';
import { aPermission, aServer, aSession, HOUR, MINUTE, NOW } from '../support/builders.ts';

const KEY = 'one';
const busy = (sessionId: string): LiveEvent => ({ kind: 'status', sessionId, status: { kind: 'busy' } });
const tell = (view: LiveView, at: number, ...events: LiveEvent[]) => applyLiveEvents(view, KEY, events, at);

/** Sessions, and a server whose link is in the given state. */
function start(state: ServerState, ...sessions: readonly Session[]): LiveView {
  return { sessions, live: applyLink(NOTHING_LIVE, KEY, { server: aServer(), state, reason: null, since: NOW }) };
}

function reading(statuses: Record<string, LiveStatus>, changes: Partial<LiveReading> = {}): LiveReading {
  return { statuses: new Map(Object.entries(statuses)), requests: [], directories: ['/srv/shop'], ...changes };
}

/** Why the first session needs the user. */
function why({ sessions, live }: LiveView, now: number): string | null {
  const [session] = sessions;
  const requests = [...live.requests.values()].map(({ request }) => request);
  const context = { now, clockOffset: 0, seenUntil: NOW, stalledAfter: 5 * MINUTE };
  return attentionOf(session!, requests, live.sessions.get(session!.id) ?? null, context)?.kind ?? null;
}

describe('a session that nothing is heard of', () => {
  it('has stalled also when its live server still says that it works', () => {
    const view = tell(start('live', aSession({ turn: 'open' })), NOW, busy('ses_1'));
    const later = NOW + 6 * MINUTE;
    const asked = applyLiveReading(view, KEY, reading({ ses_1: { kind: 'busy' } }), later);
    expect(why(asked, later)).toBe('stalled');
  });

  it('has not stalled for want of events where none arrive', () => {
    const view = tell(start('polled', aSession({ turn: 'open' })), NOW, busy('ses_1'));
    const later = NOW + 6 * MINUTE;
    const asked = applyLiveReading(view, KEY, reading({ ses_1: { kind: 'busy' } }), later);
    expect(why(asked, later)).toBeNull();
  });

  it('has not stalled right after the answer that it has waited for', () => {
    const view = tell(start('live', aSession({ turn: 'open' })), NOW, busy('ses_1'), {
      kind: 'asked',
      request: aPermission(),
    });
    const later = NOW + HOUR;
    expect(why(view, later)).toBe('permission');
    const settled: LiveEvent = { kind: 'settled', requestId: 'per_1', sessionId: 'ses_1', how: 'once' };
    expect(why(tell(view, later, settled), later)).toBeNull();
    expect(why(tell(view, later, settled), later + 6 * MINUTE)).toBe('stalled');
  });

  it('has not stalled when a subagent asked for it, and was answered', () => {
    const sessions = [aSession({ turn: 'open' }), aSession({ id: 'sub', parentId: 'ses_1', turn: 'open' })];
    const request = aPermission({ sessionId: 'sub' });
    const view = tell(start('live', ...sessions), NOW, busy('ses_1'), busy('sub'), { kind: 'asked', request });
    const later = NOW + HOUR;
    const settled: LiveEvent = { kind: 'settled', requestId: 'per_1', sessionId: 'sub', how: 'rejected' };
    expect(why(tell(view, later, settled), later)).toBeNull();
  });

  it('is not at work because something that it asked was answered', () => {
    const view = start('live', aSession());
    const told = tell(view, NOW, { kind: 'settled', requestId: 'per_1', sessionId: 'ses_1', how: 'once' });
    expect(told.live.sessions.size).toBe(0);
  });
});

describe('what a server says', () => {
  it('of sessions that are each the parent of the other does not go round for ever', () => {
    const circle = [
      aSession({ id: 'a', parentId: 'b' }),
      aSession({ id: 'b', parentId: 'a' }),
      aSession({ id: 'c', parentId: 'c' }),
    ];
    const view = tell(start('live', ...circle), NOW, busy('a'), busy('b'), busy('c'));
    const later = tell(
      view,
      NOW + HOUR,
      ...['a', 'b', 'c'].map((sessionId) => ({ kind: 'activity', sessionId }) as const),
    );
    expect(later.live.sessions.get('b')?.heardAt).toBe(NOW + HOUR);
  });

  it('stays known while it is polled, and goes when it answers no more', () => {
    const view = tell(start('live', aSession()), NOW, busy('ses_1'), { kind: 'asked', request: aPermission() });
    const link = (state: ServerState) =>
      applyLink(view.live, KEY, { server: aServer(), state, reason: 'silent', since: NOW });
    expect(isLive(view.live)).toBe(true);
    expect(isLive(link('polled'))).toBe(false);
    expect(link('polled').requests.size).toBe(1);
    for (const state of ['failed', 'connecting', 'needs-password'] as const) {
      expect(link(state)).toMatchObject({ requests: new Map(), sessions: new Map() });
    }
  });

  it('of a retry is told as it is read, each time', () => {
    const retry = (attempt: number): LiveStatus => ({ kind: 'retry', attempt, message: 'overloaded', next: NOW });
    const first = applyLiveReading(start('live', aSession()), KEY, reading({ ses_1: retry(1) }), NOW);
    const second = applyLiveReading(first, KEY, reading({ ses_1: retry(2) }), NOW + MINUTE);
    expect(second.live.sessions.get('ses_1')).toMatchObject({ status: { attempt: 2 }, since: NOW });
  });

  it('of answers is remembered for the last ones only', () => {
    const events = Array.from({ length: 400 }, (_, at): LiveEvent => {
      return { kind: 'settled', requestId: `per_${at}`, sessionId: 'ses_1', how: 'once' };
    });
    let view = start('live', aSession());
    for (const event of events) view = tell(view, NOW, event);
    expect(view.live.settled.size).toBeLessThan(60);
    expect(view.live.settled.has('per_399')).toBe(true);
  });

  it('of a directory that was not asked about stays', () => {
    const view = tell(start('live', aSession()), NOW, busy('ses_1'), { kind: 'asked', request: aPermission() });
    const asked = applyLiveReading(view, KEY, reading({}, { directories: ['/else'] }), NOW);
    expect(asked).toEqual(view);
  });
});
