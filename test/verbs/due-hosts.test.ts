import { describe, expect, it } from 'vitest';
import { NOTHING_SEEN } from '../../src/fleet/seen.ts';
import { DueHosts } from '../../src/verbs/streams/due-hosts.ts';
import { aHost, anEntry, SETTINGS } from '../support/builders.ts';

const NOW = 1_000_000;
const [web1, web2] = ['web1', 'web2'].map((alias) => anEntry({ host: aHost({ alias }) }));
const stateOf = (...entries: readonly (typeof web1)[]) => ({
  entries: new Map(entries.map((entry) => [entry!.host.alias, entry!])),
  settings: SETTINGS,
  seen: NOTHING_SEEN,
});
const both = ['web1', 'web2'];

describe('the hosts whose sessions are looked at', () => {
  it('are those that have changed', () => {
    const [hosts, state] = [new DueHosts(), stateOf(web1, web2)];
    expect(hosts.take(state, both, NOW)).toEqual([web1, web2]);
    expect(hosts.take(state, both, NOW + 1)).toEqual([]);
    const changed = { ...web1!, fresh: !web1!.fresh };
    const entries = new Map(state.entries).set('web1', changed);
    expect(hosts.take({ ...state, entries }, both, NOW + 2)).toEqual([changed]);
    expect(hosts.take({ ...state, entries }, both, NOW + 3)).toEqual([]);
  });

  it('are all after ten seconds, since some states come with the time', () => {
    const [hosts, state] = [new DueHosts(), stateOf(web1, web2)];
    hosts.take(state, both, NOW);
    expect(hosts.waitAt(NOW + 4_000)).toBe(6_000);
    expect(hosts.take(state, both, NOW + 9_999)).toEqual([]);
    expect(hosts.take(state, both, NOW + 10_000)).toEqual([web1, web2]);
  });

  it('are all after the user has seen something, and after the clock was set back', () => {
    const [hosts, state] = [new DueHosts(), stateOf(web1, web2)];
    hosts.take(state, both, NOW);
    expect(hosts.take({ ...state, seen: { ...NOTHING_SEEN } }, both, NOW + 1)).toEqual([web1, web2]);
    expect(hosts.take(state, ['web2'], NOW - 60_000)).toEqual([web2]);
  });
});
