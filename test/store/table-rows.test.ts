import { describe, expect, it } from 'vitest';
import type { HostEntry } from '../../src/domain/fleet.ts';
import { createRowSelector } from '../../src/store/select-rows.ts';
import { HOST_SORTS, SESSION_SORTS } from '../../src/store/sort.ts';
import { sortedBy } from '../../src/store/sorted-by.ts';
import { initialState, type OcrState } from '../../src/store/state.ts';
import { viewShown } from '../../src/store/view-travels.ts';
import { aFleet } from '../support/a-fleet.ts';
import { answered, aSession, HOUR, MINUTE, NOW, SETTINGS } from '../support/builders.ts';

function open(entries: readonly HostEntry[], view: 'sessions' | 'hosts', changes: Partial<OcrState> = {}) {
  const select = createRowSelector();
  let state: OcrState = { ...initialState(SETTINGS, false), discovered: true, view, ...changes };
  state = { ...state, entries: new Map(entries.map((entry) => [entry.host.alias, entry])) };
  const idsAt = (now: number) =>
    select(state, now).map((row) =>
      row.kind === 'session' ? row.session.id : row.kind === 'host' ? row.entry.host.alias : '',
    );
  const change = (next: Partial<OcrState>) => {
    state = { ...state, ...next };
  };
  const put = (entry: HostEntry) => change({ entries: new Map(state.entries).set(entry.host.alias, entry) });
  return { idsAt, change, put, rows: (now: number) => select(state, now), state: () => state };
}

const used = (id: string, ago: number) => aSession({ id, title: id, updated: NOW - ago });
const byAge = { sorts: { sessions: { by: 'age', reversed: false }, hosts: { by: 'host', reversed: false } } };
const three = [used('a', 3 * HOUR), used('b', 2 * HOUR), used('c', HOUR)];

describe('the rows of the session table', () => {
  it('are the root sessions of all hosts, what needs the user first, then by last use', () => {
    const { idsAt } = open([...aFleet().entries.values()], 'sessions', { seen: aFleet().seen });
    expect(idsAt(NOW)).toEqual(['6', '1', '2', '1', '3', '2', '3', '1', '4', '1', '5']);
  });

  it('keep their order while keys are pressed, and are sorted anew two seconds after the last one', () => {
    const { idsAt, put, change } = open([answered('h', three)], 'sessions', { ...byAge, keyAt: NOW });
    expect(idsAt(NOW)).toEqual(['c', 'b', 'a']);
    put(answered('h', [{ ...three[0]!, updated: NOW }, three[1]!, three[2]!]));
    expect(idsAt(NOW + 1999)).toEqual(['c', 'b', 'a']);
    change({ keyAt: NOW + 1000 });
    put(answered('h', [{ ...three[0]!, updated: NOW + 1 }, three[1]!, three[2]!]));
    expect(idsAt(NOW + 3000)).toEqual(['a', 'c', 'b']);
  });

  it('have new ones at the end, and lose those that are gone, while keys are pressed', () => {
    const { idsAt, put } = open([answered('h', three)], 'sessions', { ...byAge, keyAt: NOW });
    idsAt(NOW);
    put(answered('h', [used('new', 0), three[0]!, three[2]!]));
    expect(idsAt(NOW + 500)).toEqual(['c', 'a', 'new']);
    put(answered('h', [used('new', 0), three[0]!, three[2]!]));
    expect(idsAt(NOW + 9000)).toEqual(['new', 'c', 'a']);
  });

  it('are sorted at once when the user asks for another order', () => {
    const { idsAt, change, state } = open([answered('h', three)], 'sessions', { ...byAge, keyAt: NOW });
    idsAt(NOW);
    change(sortedBy('sessions', 'title')(state()));
    expect(idsAt(NOW + 1)).toEqual(['a', 'b', 'c']);
    change(sortedBy('sessions', 'title')(state()));
    expect(idsAt(NOW + 2)).toEqual(['c', 'b', 'a']);
  });

  it('are the same array while nothing has changed', () => {
    const { rows, change } = open([answered('h', three)], 'sessions', byAge);
    const before = rows(NOW);
    change({ selectedAt: 2, busy: 'x' });
    expect(rows(NOW + MINUTE)).toBe(before);
  });

  it('are only those that were found', () => {
    const finds = new Map([['h', { host: false, sessions: new Set(['b']), best: null }]]);
    expect(open([answered('h', three)], 'sessions', { ...byAge, query: 'x', finds }).idsAt(NOW)).toEqual(['b']);
  });

  it.each(SESSION_SORTS)('can be sorted by %s, both ways', (by) => {
    const { entries, seen } = aFleet();
    const sorted = (reversed: boolean) =>
      open([...entries.values()], 'sessions', { seen, sorts: { ...byAge.sorts, sessions: { by, reversed } } })
        .rows(NOW)
        .map(({ key }) => key);
    expect(sorted(true)).toEqual(sorted(false).toReversed());
    expect(sorted(false)).toHaveLength(11);
  });
});

describe('the rows of the host table', () => {
  const away = ['gpu-02', 'bastion'];

  it.each(HOST_SORTS)('can be sorted by %s, both ways, with the hosts that cannot be read at the end', (by) => {
    const { entries, seen } = aFleet();
    for (const reversed of [false, true]) {
      const sorts = { ...byAge.sorts, hosts: { by, reversed } };
      const listed = open([...entries.values()], 'hosts', { seen, sorts }).idsAt(NOW);
      expect(listed.slice(-2).toSorted()).toEqual(away.toSorted());
      expect(listed.toSorted()).toEqual([...entries.keys()].toSorted());
    }
  });

  it.each([
    ['host', ['prod-api', 'prod-web', 'prod-db', 'build-arm']],
    ['need', ['prod-api', 'prod-web', 'prod-db', 'build-arm']],
    ['sessions', ['prod-api', 'prod-web', 'prod-db', 'build-arm']],
  ] as const)('by %s begin with what one looks for', (by, expected) => {
    const { entries, seen } = aFleet();
    const listed = (reversed: boolean) =>
      open([...entries.values()], 'hosts', { seen, sorts: { ...byAge.sorts, hosts: { by, reversed } } })
        .idsAt(NOW)
        .slice(0, 4);
    expect(listed(false)).toEqual(expected);
    expect(listed(true).indexOf('prod-api')).toBeGreaterThan(listed(true).indexOf('prod-db'));
  });

  it('are sorted by the commands and keys of their own view', () => {
    const state = { ...initialState(SETTINGS, false) };
    expect(sortedBy('hosts', 'rtt')(state).sorts).toMatchObject({
      hosts: { by: 'rtt', reversed: false },
      sessions: { by: 'state' },
    });
    expect(viewShown('hosts')(state).view).toBe('hosts');
  });
});
