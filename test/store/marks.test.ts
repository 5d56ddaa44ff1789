import { expect, it } from 'vitest';
import { FleetStore } from '../../src/fleet/fleet-store.ts';
import { hostKey, projectKey, sessionKey } from '../../src/store/keys.ts';
import { marksCleared, markToggled, rangeMarked } from '../../src/store/marks.ts';
import type { Row } from '../../src/store/rows.ts';
import { createRowSelector } from '../../src/store/select-rows.ts';
import { createOcrStore } from '../../src/store/store.ts';
import { answered, aSession, HOUR, NOW, SETTINGS } from '../support/builders.ts';

type SessionRow = Row & { kind: 'session' };

/** Two projects with two sessions each, all to be seen. */
function open() {
  const fleet = new FleetStore(SETTINGS);
  const store = createOcrStore(fleet, SETTINGS, false);
  const sessions = ['a', 'b', 'c', 'd'].map((id, at) =>
    aSession({ id, updated: NOW - at * HOUR, project: at < 2 ? '/one' : '/two' }),
  );
  const keys = new Set([hostKey('web1'), projectKey('web1', '/one'), projectKey('web1', '/two')]);
  fleet.setState({ entries: new Map([['web1', answered('web1', sessions)]]) });
  store.setState({ unfolded: new Map([['web1', keys]]) });
  const rows = createRowSelector()(store.getState());
  const row = (id: string) => rows.find(({ key }) => key === sessionKey('web1', id)) as SessionRow;
  const toggle = (id: string) => store.setState(markToggled(row(id))(store.getState()));
  const range = (id: string) => store.setState(rangeMarked(rows, row(id))(store.getState()));
  const marked = () =>
    ['a', 'b', 'c', 'd'].filter((id) => store.getState().marked.has(sessionKey('web1', id))).join('');
  return { store, toggle, range, marked };
}

it('a mark is made and taken away again', () => {
  const { toggle, marked } = open();
  toggle('a');
  toggle('c');
  expect(marked()).toBe('ac');
  toggle('a');
  expect(marked()).toBe('c');
});

it('a range goes from the last mark to here, over other projects and in both directions, sessions only', () => {
  const { store, toggle, range, marked } = open();
  toggle('b');
  range('d');
  expect(marked()).toBe('bcd');
  expect(store.getState().marked.size).toBe(3);
  range('a');
  expect(marked()).toBe('abcd');
});

it('a range without a mark, or from one that is not to be seen any more, is this session', () => {
  const { store, range, marked } = open();
  range('c');
  expect(marked()).toBe('c');
  store.setState({ markAnchor: 'gone' });
  range('a');
  expect(marked()).toBe('ac');
});

it('all marks are taken away together', () => {
  const { store, toggle, marked } = open();
  toggle('a');
  store.setState(marksCleared(store.getState()));
  expect(marked()).toBe('');
  expect(store.getState().markAnchor).toBeNull();
});
