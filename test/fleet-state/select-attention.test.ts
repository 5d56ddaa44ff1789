import { describe, expect, it } from 'vitest';
import { NOTHING_LIVE } from '../../src/domain/live.ts';
import { NOTHING_SEEN, seenUntil, withBaseline, withSeen } from '../../src/fleet/seen.ts';
import {
  type AttentionInputs,
  attentionAt,
  selectAttention,
  selectHostAttention,
} from '../../src/fleet/select-attention.ts';
import { answered, aPermission, aSession, aSnapshot, DAY, HOUR, MINUTE, NOW, SETTINGS } from '../support/builders.ts';

const busy = { server: 'one', status: { kind: 'busy' }, since: NOW, heardAt: NOW, todo: null } as const;

function inputs(
  entries: readonly ReturnType<typeof answered>[],
  snoozed: AttentionInputs['snoozed'] = new Map(),
): AttentionInputs {
  const first = aSnapshot({ at: NOW - DAY });
  const seen = entries.reduce((all, { host }) => withBaseline(all, host.alias, first), NOTHING_SEEN);
  return { entries: new Map(entries.map((entry) => [entry.host.alias, entry])), seen, settings: SETTINGS, snoozed };
}

const failed = (id: string, ago: number) => aSession({ id, turn: 'failed', updated: NOW - ago });

describe('the sessions that need the user', () => {
  it('are listed over the fleet, the one that has waited longest first, by our clock', () => {
    const ahead = answered('ahead', [failed('c', -HOUR + 5 * MINUTE)]);
    const entries = [
      answered('web1', [failed('a', HOUR), failed('b', MINUTE)]),
      { ...ahead, snapshot: { ...ahead.snapshot!, clockOffset: HOUR } },
    ];
    const found = selectAttention(inputs(entries), NOW);
    expect(found.map(({ session }) => session.id)).toEqual(['a', 'c', 'b']);
  });

  it('have a subagent ask at their root, which is listed once', () => {
    const sessions = [
      aSession({ id: 'root', updated: NOW - 2 * DAY }),
      aSession({ id: 'sub', parentId: 'root', turn: 'failed', updated: NOW }),
    ];
    const request = aPermission({ sessionId: 'sub' });
    const live = { ...NOTHING_LIVE, requests: new Map([['per_1', { server: 'one', request }]]) };
    const entry = { ...answered('web1', sessions), live };
    expect([...selectHostAttention(entry, inputs([entry]).seen, SETTINGS, NOW).keys()]).toEqual(['root']);
  });

  it('show a subagent by itself when it asks and its root is not known', () => {
    const request = aPermission({ sessionId: 'sub' });
    const live = { ...NOTHING_LIVE, requests: new Map([['per_1', { server: 'one', request }]]) };
    const entry = { ...answered('web1', [aSession({ id: 'sub', parentId: 'gone' })]), live };
    expect(selectAttention(inputs([entry]), NOW)).toMatchObject([
      { session: { id: 'sub' }, attention: { kind: 'permission' } },
    ]);
  });

  it('begin to need one by the passing of time alone', () => {
    const sessions = [aSession({ turn: 'open' })];
    const entry = { ...answered('web1', sessions), live: { ...NOTHING_LIVE, sessions: new Map([['ses_1', busy]]) } };
    const given = inputs([entry]);
    expect(attentionAt(given, entry, 'ses_1', NOW)).toBeNull();
    expect(attentionAt(given, entry, 'ses_1', NOW + SETTINGS.stalledAfter + 5000)?.attention.kind).toBe('stalled');
  });

  it('are left out while they are snoozed, for that reason only', () => {
    const entry = answered('web1', [failed('a', HOUR)]);
    const [item] = selectAttention(inputs([entry]), NOW);
    const snoozed = new Map([[item!.key, NOW + 1]]);
    expect(selectAttention(inputs([entry], snoozed), NOW)).toEqual([]);
    expect(selectAttention(inputs([entry], snoozed), NOW + 1)).toHaveLength(1);
    const again = answered('web1', [failed('a', MINUTE)]);
    expect(selectAttention(inputs([again], snoozed), NOW)).toHaveLength(1);
  });

  it('need one for the same reason when they are renamed, and for a new one when they fail again', () => {
    const at = (updated: number, endedAt: number) => {
      const end = { endedAt, reported: true, until: NOW };
      const live = { ...NOTHING_LIVE, ends: new Map([['a', end]]) };
      const entry = { ...answered('web1', [failed('a', NOW - updated)]), live };
      return selectAttention(inputs([entry]), NOW)[0]?.key;
    };
    expect(at(NOW, NOW - HOUR)).toBe(at(NOW - HOUR, NOW - HOUR));
    expect(at(NOW, NOW)).not.toBe(at(NOW, NOW - HOUR));
  });

  it('are computed again only when something has changed', () => {
    const entry = answered('web1', [failed('a', HOUR)]);
    const { seen } = inputs([entry]);
    const found = selectHostAttention(entry, seen, SETTINGS, NOW);
    expect(selectHostAttention(entry, seen, SETTINGS, NOW + HOUR)).toBe(found);
    expect(selectHostAttention(entry, withSeen(seen, 'web1', ['a'], NOW), SETTINGS, NOW).size).toBe(0);
    expect(selectHostAttention({ ...entry, snapshot: null }, seen, SETTINGS, NOW).size).toBe(0);
  });
});

describe('what was seen', () => {
  it('is all that happened before the host was first seen, once that is known', () => {
    expect(seenUntil(NOTHING_SEEN, 'web1', 'a')).toBe(Number.POSITIVE_INFINITY);
    const seen = withBaseline(NOTHING_SEEN, 'web1', aSnapshot({ at: NOW, clockOffset: HOUR }));
    expect(seenUntil(seen, 'web1', 'a')).toBe(NOW + HOUR);
    expect(withBaseline(seen, 'web1', aSnapshot({ at: NOW + DAY }))).toBe(seen);
  });

  it('goes on with each look, never back', () => {
    const first = withBaseline(NOTHING_SEEN, 'web1', aSnapshot({ at: NOW }));
    const looked = withSeen(withSeen(first, 'web1', ['a'], NOW + 5), 'web1', ['a'], NOW + 2);
    expect(seenUntil(looked, 'web1', 'a')).toBe(NOW + 5);
    expect(seenUntil(looked, 'web2', 'a')).toBe(Number.POSITIVE_INFINITY);
  });
});
