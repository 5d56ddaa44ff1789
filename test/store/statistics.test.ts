import { describe, expect, it } from 'vitest';
import { countFleet, countStatuses } from '../../src/store/statistics.ts';
import {
  aFailure,
  aHost,
  anEntry,
  answered,
  aSession,
  aSnapshot,
  DAY,
  HOUR,
  MINUTE,
  NOW,
  SETTINGS,
} from '../support/builders.ts';

const count = (...entries: ReturnType<typeof anEntry>[]) =>
  countFleet(new Map(entries.map((entry) => [entry.host.alias, entry])), SETTINGS, NOW);

describe('the numbers of the fleet', () => {
  it('are zero where there is nothing', () => {
    expect(count()).toMatchObject({ hosts: 0, online: 0, refreshing: 0, failed: 0, sessions: 0 });
  });

  it('count hosts by what they are, and as online only those that answered in this run', () => {
    const entries = [
      answered('a', []),
      anEntry({ host: aHost({ alias: 'stale' }), snapshot: aSnapshot(), refreshing: true }),
      anEntry({ host: aHost({ alias: 'failed' }), snapshot: aSnapshot(), failure: aFailure() }),
      anEntry({ host: aHost({ alias: 'new' }) }),
    ];
    expect(count(...entries)).toMatchObject({ hosts: 4, online: 1, refreshing: 1, failed: 1 });
  });

  it('count root sessions by their state, archived ones apart', () => {
    const sessions = [
      aSession({ id: '1', turn: 'open', updated: NOW - MINUTE }),
      aSession({ id: '2', turn: 'failed' }),
      aSession({ id: '3', updated: NOW - MINUTE }),
      aSession({ id: '4', updated: NOW - HOUR }),
      aSession({ id: '5', updated: NOW - 3 * DAY }),
      aSession({ id: '6', archived: NOW }),
      aSession({ id: '7', parentId: '1', turn: 'failed' }),
    ];
    const counts = count(answered('a', sessions));
    expect(counts.sessions).toBe(5);
    expect(counts.byStatus).toEqual({ working: 1, errored: 1, active: 1, idle: 1, cold: 1, archived: 1, unknown: 0 });
  });

  it('judge ages by the clock of the host', () => {
    const sessions = [aSession({ updated: NOW - HOUR })];
    const slow = anEntry({ snapshot: aSnapshot({ sessions, clockOffset: -HOUR }) });
    expect(countStatuses(slow, SETTINGS, NOW)).toMatchObject({ active: 1, idle: 0 });
  });

  it('follow time and settings', () => {
    const entry = answered('a', [aSession({ updated: NOW })]);
    expect(countStatuses(entry, SETTINGS, NOW)).toMatchObject({ active: 1 });
    expect(countStatuses(entry, SETTINGS, NOW + HOUR)).toMatchObject({ active: 0, idle: 1 });
    expect(countStatuses(entry, { ...SETTINGS, activeThreshold: 2 * HOUR }, NOW + HOUR)).toMatchObject({ active: 1 });
  });
});
