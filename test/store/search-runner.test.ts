import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { HostEntry } from '../../src/domain/fleet.ts';
import { FleetStore } from '../../src/fleet/fleet-store.ts';
import { hostsChanged } from '../../src/fleet/fleet-transitions.ts';
import { hostKey, sessionKey } from '../../src/store/keys.ts';
import { runSearches } from '../../src/store/search-runner.ts';
import { selectedHost } from '../../src/store/selection.ts';
import { createOcrStore } from '../../src/store/store.ts';
import { answered, aSession, aSnapshot, SETTINGS } from '../support/builders.ts';

function start(entries: readonly HostEntry[]) {
  const fleet = new FleetStore(SETTINGS);
  const store = createOcrStore(fleet, SETTINGS, false);
  fleet.setState({ entries: new Map(entries.map((entry) => [entry.host.alias, entry])) });
  const stop = runSearches(store);
  onTestFinished(stop);
  const type = (query: string) => store.setState({ query });
  const found = () => vi.waitFor(() => expect(store.getState().finds).not.toBeNull());
  return { fleet, store, stop, type, found };
}

const ENTRIES = [
  answered('web1', [aSession({ id: 'a', title: 'Payment' }), aSession({ id: 'b', title: 'Blog' })]),
  answered('db', [aSession({ id: 'c', title: 'Backup' })]),
];

describe('a search of the fleet', () => {
  it('finds sessions of all hosts and selects the one that fits best', async () => {
    const { store, type, found } = start(ENTRIES);
    type('backup');
    await found();
    expect(store.getState().finds?.get('db')?.sessions).toEqual(new Set(['c']));
    expect(store.getState().finds?.get('web1')?.sessions.size).toBe(0);
    expect(store.getState().selected?.key).toBe(sessionKey('db', 'c'));
  });

  it('selects a host whose name it is', async () => {
    const { store, type, found } = start(ENTRIES);
    type('web1');
    await found();
    expect(store.getState().selected?.key).toBe(hostKey('web1'));
  });

  it('keeps the selection when nothing is found', async () => {
    const { store, type, found } = start(ENTRIES);
    store.setState({ selected: selectedHost('db') });
    type('xylophone');
    await found();
    expect(store.getState().selected?.key).toBe(hostKey('db'));
  });

  it('follows the query, and ends with it', async () => {
    const { store, type } = start(ENTRIES);
    type('payment');
    type('blog');
    await vi.waitFor(() => expect(store.getState().selected?.key).toBe(sessionKey('web1', 'b')));
    type('  ');
    expect(store.getState().finds).toBeNull();
  });

  it('takes in what a host answers meanwhile, and leaves the selection alone', async () => {
    const { fleet, store, type, found } = start(ENTRIES);
    type('blog');
    await found();
    store.setState({ selected: selectedHost('web1') });
    const snapshot = aSnapshot({ sessions: [aSession({ id: 'new', title: 'Blog too' })] });
    fleet.setState(hostsChanged([{ kind: 'answered', alias: 'db', snapshot }]));
    await vi.waitFor(() => expect(store.getState().finds?.get('db')?.sessions).toEqual(new Set(['new'])));
    expect(store.getState().selected?.key).toBe(hostKey('web1'));
  });

  it('stops when it is told', () => {
    const { store, stop, type } = start(ENTRIES);
    const spy = vi.spyOn(store, 'setState');
    type('blog');
    stop();
    type('payment');
    expect(spy).toHaveBeenCalledTimes(2);
    expect(store.getState().finds).toBeNull();
  });
});
