import { expect, it } from 'vitest';
import { hostKey, sessionKey } from '../../src/store/keys.ts';
import type { Row } from '../../src/store/rows.ts';
import { selectedHost, selectedSession, selectionOf } from '../../src/store/selection.ts';
import { selectedIndex } from '../../src/store/view-transitions.ts';
import { hostRow, sessionRow } from '../components/inspect/open-panel.ts';

const rows = [{ key: hostKey('a') }, { key: hostKey('b') }, { key: sessionKey('b', 'ses_1') }] as unknown as Row[];

it('the selection of a session that is gone falls back to its host', () => {
  expect(selectedIndex(rows, selectedSession('b', 'ses_1'))).toBe(2);
  expect(selectedIndex(rows, selectedSession('b', 'ses_gone'))).toBe(1);
  expect(selectedIndex(rows, selectedSession('c', 'ses_gone'))).toBe(0);
  expect(selectedIndex(rows, null)).toBe(0);
});

it('the selection of a row is the same as that of its host or session', () => {
  const session = sessionRow();
  if (session.kind !== 'session') throw new Error('not a session');
  expect(selectionOf(session)).toEqual(selectedSession('web1', session.session.id));
  expect(selectionOf(hostRow(session.entry))).toEqual(selectedHost('web1'));
});

it('the selection of a group belongs to no host', () => {
  expect(selectionOf({ kind: 'group', key: 'group x', name: 'x', hosts: 1, expanded: true })).toEqual({
    key: 'group x',
    alias: null,
    session: null,
  });
});
