import { describe, expect, it } from 'vitest';
import {
  boundSessions,
  describeCuts,
  MAX_REQUEST_CHARS,
  MAX_REQUESTS,
  MAX_SESSIONS,
} from '../../src/domain/host-bounds.ts';
import { type LiveEvent, NOTHING_LIVE } from '../../src/domain/live.ts';
import { applyLiveEvents, applyLiveReading } from '../../src/domain/live-reducer.ts';
import { aPermission, aSession, NOW } from '../support/builders.ts';

describe('the limits on a host', () => {
  it('is all that an honest one has, as it came', () => {
    const sessions = [aSession(), aSession({ id: 'two', title: 'x'.repeat(500), error: 'e', agent: 'a', model: 'm' })];
    expect(boundSessions(sessions)).toBe(sessions);
  });

  it('has texts of bearable length', () => {
    const long = 'x'.repeat(1_000_000);
    const [session] = boundSessions([
      aSession({ title: long, directory: long, error: long, agent: long, model: long }),
    ]);
    expect(session?.title).toBe(`${'x'.repeat(499)}…`);
    expect(JSON.stringify(session).length).toBeLessThan(10_000);
  });

  it('is of too many sessions the ones that were changed last', () => {
    const sessions = Array.from({ length: MAX_SESSIONS + 2 }, (_, at) => aSession({ id: `s${at}`, updated: NOW - at }));
    const kept = boundSessions(sessions.toReversed());
    expect(kept).toHaveLength(MAX_SESSIONS);
    expect([kept[0]?.id, kept.at(-1)?.id]).toEqual([`s${MAX_SESSIONS - 1}`, 's0']);
    expect(describeCuts(kept.length, NOTHING_LIVE)).toBe('cut: 100,000 sessions');
    expect(describeCuts(kept.length - 1, NOTHING_LIVE)).toBeNull();
  });
});

describe('requests of a host', () => {
  const view = { sessions: [aSession()], live: NOTHING_LIVE };
  const asked = (id: string, command = 'ls'): LiveEvent => ({ kind: 'asked', request: aPermission({ id, command }) });
  const directory = aPermission().directory;

  it('are kept up to a number, and are told to be cut until there are fewer', () => {
    const many = Array.from({ length: 2 * MAX_REQUESTS }, (_, at) => asked(`r${at}`));
    const { live } = applyLiveEvents(view, 'one', many, NOW);
    expect(live.requests.size).toBe(MAX_REQUESTS);
    expect(describeCuts(1, live)).toBe('cut: 1,000 requests');
    const reading = { statuses: new Map(), requests: [aPermission({ id: 'r1' })], directories: [directory] };
    const after = applyLiveReading({ ...view, live }, 'one', reading, NOW).live;
    expect([...after.requests.keys()]).toEqual(['r1']);
    expect(describeCuts(1, after)).toBeNull();
  });

  it('are kept whole or not at all: the user must approve what they read', () => {
    const long = 'x'.repeat(MAX_REQUEST_CHARS / 2 - 1000);
    const { live } = applyLiveEvents(view, 'one', [asked('a', long), asked('b', long), asked('c', long)], NOW);
    expect([...live.requests.keys()]).toEqual(['a', 'b']);
    expect(live.requests.get('b')?.request).toMatchObject({ command: long });
    expect(live.isCut).toBe(true);
  });
});

it('a session more than are kept is not taken in from an event', () => {
  const sessions = Array.from({ length: MAX_SESSIONS }, (_, at) => aSession({ id: `s${at}` }));
  const { id: _, ...facts } = aSession();
  const told: LiveEvent = { kind: 'session', facts: { id: 'new', ...facts, title: 'y'.repeat(10_000) } };
  expect(applyLiveEvents({ sessions, live: NOTHING_LIVE }, 'one', [told], NOW).sessions).toBe(sessions);
  const [, added] = applyLiveEvents({ sessions: [aSession()], live: NOTHING_LIVE }, 'one', [told], NOW).sessions;
  expect(added?.title).toHaveLength(500);
});
