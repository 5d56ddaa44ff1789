import { describe, expect, it } from 'vitest';
import { NOTHING_LIVE } from '../../src/domain/live.ts';
import { applyLink } from '../../src/domain/live-servers.ts';
import { type ServerState, serverKey } from '../../src/domain/server.ts';
import { selectHostTree } from '../../src/fleet/project-tree.ts';
import { countFleet, countStatuses } from '../../src/fleet/statistics.ts';
import { countFinds } from '../../src/store/count-finds.ts';
import { searchHost } from '../../src/store/search.ts';
import { aFailure, anEntry, aServer, aSession, aSnapshot, MINUTE, NOW, SETTINGS } from '../support/builders.ts';

const entryOf = (snapshot: ReturnType<typeof aSnapshot>) => anEntry({ snapshot, fresh: true });

it('counts follow the processes and the clock of a host whose database has not changed', () => {
  const sessions = [aSession({ turn: 'open', updated: NOW - 1000 })];
  const count = (changes: Parameters<typeof aSnapshot>[0]) =>
    countStatuses(entryOf(aSnapshot({ sessions, ...changes })), SETTINGS, NOW);
  expect(count({ processes: 1 }).working).toBe(1);
  expect(count({ processes: 0 })).toMatchObject({ working: 0, interrupted: 1 });
  expect(count({ processes: null })).toMatchObject({ working: 0, unknown: 1 });
  expect(count({ processes: 1, clockOffset: 2 * 3_600_000 })).toMatchObject({ working: 0, unknown: 1 });
});

describe('a turn that never ended', () => {
  const sessions = [aSession({ turn: 'open', updated: NOW - 2 * MINUTE })];
  const server = aServer({ own: true });
  const statusOf = (state: ServerState, since: number, processes = 1) => {
    const live = applyLink(NOTHING_LIVE, serverKey(server), { server, state, reason: null, since });
    const entry = { ...entryOf(aSnapshot({ sessions, processes, servers: [server] })), live };
    const counts = countStatuses(entry, SETTINGS, NOW);
    return Object.entries(counts).find(([, count]) => count > 0)?.[0];
  };

  it('was interrupted where nothing runs but servers that we follow and that say nothing of it', () => {
    expect(statusOf('live', NOW - 1000)).toBe('interrupted');
    expect(statusOf('polled', NOW - 1000)).toBe('interrupted');
  });

  it('may be worked on by another opencode, or by a server that does not answer us', () => {
    expect(statusOf('live', NOW - 1000, 2)).toBe('working');
    expect(statusOf('needs-password', NOW - 1000)).toBe('working');
    expect(statusOf('failed', NOW - 1000)).toBe('working');
    expect(statusOf('connecting', NOW - 1000)).toBe('working');
  });

  it('counts as work no longer than its row says so', () => {
    const recent = [aSession({ turn: 'open', updated: NOW - 8000 })];
    const live = applyLink(NOTHING_LIVE, serverKey(server), { server, state: 'live', reason: null, since: NOW - 5000 });
    const entry = { ...entryOf(aSnapshot({ sessions: recent, processes: 1, servers: [server] })), live };
    expect(countStatuses(entry, SETTINGS, NOW)).toMatchObject({ working: 1, interrupted: 0 });
    expect(countStatuses(entry, SETTINGS, NOW + 3000)).toMatchObject({ working: 0, interrupted: 1 });
  });

  it('may have ended since where the database was read before the server was followed', () => {
    expect(statusOf('live', NOW + 1000)).toBe('working');
  });
});

describe('counts', () => {
  it('agree between header, host row, states and a search that finds all', () => {
    const sessions = [
      aSession({ id: 'root' }),
      aSession({ id: 'sub', parentId: 'root' }),
      aSession({ id: 'orphan', parentId: 'gone' }),
      aSession({ id: 'old', archived: NOW }),
      aSession({ id: 'left', parentId: 'old' }),
      ...['a', 'b'].map((id) => aSession({ id, parentId: id === 'a' ? 'b' : 'a' })),
    ];
    for (const showArchived of [false, true]) {
      const settings = { ...SETTINGS, showArchived };
      const entry = entryOf(aSnapshot({ sessions }));
      const { total } = selectHostTree(sessions, settings);
      const entries = new Map([['web1', entry]]);
      const finds = new Map([['web1', searchHost(entry.host, sessions, ['web1'])]]);
      expect(total).toBe(4);
      expect(countFleet(entries, settings, NOW).sessions).toBe(total);
      expect(countFinds({ entries, finds, settings })).toEqual({ sessions: total, hosts: 1 });
      expect(countStatuses(entry, settings, NOW).archived).toBe(1);
    }
  });

  it('tell hosts without opencode apart from those that failed', () => {
    const entries = new Map(
      (['no-opencode', 'offline'] as const).map((status) => [status, anEntry({ failure: aFailure({ status }) })]),
    );
    expect(countFleet(entries, SETTINGS, NOW)).toMatchObject({ hosts: 2, failed: 1, noOpencode: 1 });
  });
});
