import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { HostEntry } from '../../src/domain/fleet.ts';
import { NOTHING_LIVE } from '../../src/domain/live.ts';
import { FleetStore } from '../../src/fleet/fleet-store.ts';
import { NOTHING_SEEN, withBaseline, withSeen } from '../../src/fleet/seen.ts';
import { selectHostAttention } from '../../src/fleet/select-attention.ts';
import { sessionKey } from '../../src/store/keys.ts';
import { runSearches } from '../../src/store/search-runner.ts';
import { selectedSession } from '../../src/store/selection.ts';
import { createOcrStore } from '../../src/store/store.ts';
import { answered, aPermission, aSession, aSnapshot, DAY, HOUR, MINUTE, NOW, SETTINGS } from '../support/builders.ts';

function start(entries: readonly HostEntry[]) {
  const fleet = new FleetStore(SETTINGS);
  const store = createOcrStore(fleet, SETTINGS, false);
  const seen = entries.reduce(
    (all, { host }) => withBaseline(all, host.alias, aSnapshot({ at: NOW - DAY })),
    NOTHING_SEEN,
  );
  fleet.setState({ entries: new Map(entries.map((entry) => [entry.host.alias, entry])), seen });
  const clock = { now: NOW };
  onTestFinished(runSearches(store, () => clock.now));
  const type = (query: string) => store.setState({ query });
  /** Ids of the sessions that are found, once there are any matches. */
  const found = () => [...(store.getState().finds ?? [])].flatMap(([, { sessions }]) => [...sessions]);
  const expectFound = (...ids: string[]) =>
    vi.waitFor(() => {
      expect(store.getState().finds).not.toBeNull();
      expect(found()).toEqual(ids);
    });
  return { fleet, store, clock, type, found, expectFound };
}

const failed = aSession({ id: 'failed', title: 'Blog', turn: 'failed', updated: NOW - HOUR });
const idle = aSession({ id: 'idle', title: 'Backup', updated: NOW - 2 * DAY, cost: 3 });
const recent = aSession({ id: 'recent', title: 'Blog too', updated: NOW - 2 * HOUR, cost: 1 });
const archived = aSession({ id: 'archived', title: 'Blog of old', archived: NOW - DAY, updated: NOW - DAY });
const ENTRIES = [answered('web1', [failed, idle]), answered('db', [recent, archived])];

const askedOf = (entry: HostEntry): HostEntry => ({
  ...entry,
  live: {
    ...NOTHING_LIVE,
    requests: new Map([['per_1', { server: 'one', request: aPermission({ sessionId: 'idle' }) }]]),
  },
});

describe('a filter of the fleet', () => {
  it('finds by fields and words together', async () => {
    const { type, expectFound } = start(ENTRIES);
    type('state:error,done blgo');
    await expectFound('failed', 'recent');
    type('host:web* cost:>1');
    await expectFound('idle');
  });

  it('finds a host by its own fields only', async () => {
    const { store, type, expectFound } = start(ENTRIES);
    type('host:db');
    await expectFound('recent');
    expect([...(store.getState().finds ?? [])].map(([, { host }]) => host)).toEqual([false, true]);
    type('host:db cost:>0');
    await vi.waitFor(() => expect(store.getState().finds?.get('db')?.host).toBe(false));
  });

  it('keeps the matches of the last valid query while there are problems', async () => {
    const { store, type, expectFound } = start(ENTRIES);
    type('blog state:done');
    await expectFound('recent');
    const { finds } = store.getState();
    type('blog state:don');
    type('blog state:');
    type('blog state:erro');
    expect(store.getState().finds).toBe(finds);
    type('blog state:error');
    await expectFound('failed');
    type('');
    expect(store.getState().finds).toBeNull();
  });

  it('finds again when its matches are dropped, as by applying a saved filter', async () => {
    const { store, expectFound } = start(ENTRIES);
    store.setState({ query: 'blog state:done', finds: null });
    await expectFound('recent');
    store.setState({ query: 'blog state:done', finds: null });
    await expectFound('recent');
    store.setState({ query: 'state:', finds: null });
    await expectFound('recent');
  });

  it('finds archived sessions only where they are shown or asked for', async () => {
    const { store, type, expectFound } = start(ENTRIES);
    type('blog host:db');
    await expectFound('recent');
    store.setState({ settings: { ...SETTINGS, showArchived: true } });
    await expectFound('recent', 'archived');
    store.setState({ settings: SETTINGS });
    type('archived');
    await expectFound('archived');
  });
});

describe('the matches of a filter', () => {
  it('follow the live state of a host', async () => {
    const { fleet, type, expectFound } = start(ENTRIES);
    type('state:waiting');
    await expectFound();
    fleet.setState(({ entries }) => ({ entries: new Map([...entries].map(([alias, one]) => [alias, askedOf(one)])) }));
    await expectFound('idle');
  });

  it('follow the time every five seconds', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    onTestFinished(() => void vi.useRealTimers());
    const { store, clock, type, expectFound } = start(ENTRIES);
    type('age:<90m');
    await expectFound('failed');
    const { finds } = store.getState();
    clock.now += MINUTE;
    vi.advanceTimersByTime(5000);
    clock.now += HOUR;
    expect(store.getState().finds).toBe(finds);
    vi.advanceTimersByTime(5000);
    await expectFound();
  });

  it('follow what was seen and snoozed', async () => {
    const { fleet, store, type, expectFound } = start(ENTRIES);
    type('state:done');
    await expectFound('recent');
    fleet.setState(({ seen }) => ({ seen: withSeen(seen, 'db', ['recent'], NOW) }));
    await expectFound();
    type('state:error');
    await expectFound('failed');
    const { entries, seen } = store.getState();
    const web1 = entries.get('web1') ?? ENTRIES[0]!;
    const key = selectHostAttention(web1, seen, SETTINGS, NOW).get('failed')?.key ?? '';
    fleet.setState({ snoozed: new Map([[key, NOW + HOUR]]) });
    await expectFound();
  });

  it('are the same object for a host whose matches have not changed', async () => {
    const { fleet, store, type, expectFound } = start(ENTRIES);
    type('state:waiting,error');
    await expectFound('failed');
    const before = store.getState().finds;
    fleet.setState(({ entries }) => ({ entries: new Map(entries).set('db', askedOf(entries.get('db')!)) }));
    fleet.setState(({ entries }) => ({ entries: new Map(entries).set('web1', askedOf(entries.get('web1')!)) }));
    await expectFound('failed', 'idle');
    expect(store.getState().finds?.get('db')).toBe(before?.get('db'));
  });

  it('appear though the fleet changes all the time', async () => {
    const sessions = Array.from({ length: 20_000 }, (_, index) => aSession({ id: `s${index}`, cost: index }));
    const { fleet, store, type, found } = start([answered('big', sessions)]);
    type('age:>1m cost:>19990 login');
    for (let round = 0; round < 10_000 && store.getState().finds === null; round += 1) {
      fleet.setState(({ entries }) => ({ entries: new Map([...entries].map(([alias, one]) => [alias, { ...one }])) }));
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(found()).toHaveLength(9);
  });
});

describe('the selection', () => {
  it('stays on a session that the fields find, and else goes to the one used last', async () => {
    const { store, type, expectFound } = start([answered('web1', [idle, failed, recent])]);
    store.setState({ selected: selectedSession('web1', 'idle') });
    type('cost:>0');
    await expectFound('idle', 'recent');
    expect(store.getState().selected?.key).toBe(sessionKey('web1', 'idle'));
    type('cost:>0 age:<1d');
    await expectFound('recent');
    expect(store.getState().selected?.key).toBe(sessionKey('web1', 'recent'));
    type('title:b');
    store.setState({ selected: null });
    await expectFound('idle', 'failed', 'recent');
    expect(store.getState().selected?.key).toBe(sessionKey('web1', 'failed'));
  });
});

describe('a filter that finds nothing', () => {
  it('tells which term to leave out, for as long as it finds nothing', async () => {
    const { store, type, expectFound } = start(ENTRIES);
    type('state:error host:db');
    await vi.waitFor(() => expect(store.getState().noMatch).toEqual({ without: 'state:', matches: 1 }));
    type('state:error host:web1');
    await expectFound('failed');
    expect(store.getState().noMatch).toBeNull();
  });

  it('counts sessions as the tree lists them: by their roots', async () => {
    const sessions = [aSession({ id: 'root' }), aSession({ id: 'sub', parentId: 'root' })];
    const { store, type } = start([answered('web1', sessions)]);
    type('login state:error');
    await vi.waitFor(() => expect(store.getState().noMatch).toEqual({ without: 'state:', matches: 1 }));
    type('nowhere');
    await vi.waitFor(() => expect(store.getState().noMatch).toBeNull());
  });
});
