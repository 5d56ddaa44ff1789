import { expect, it } from 'vitest';
import { hostKey, sessionKey } from '../../src/store/keys.ts';
import type { Row } from '../../src/store/rows.ts';
import { type Selection, selectedHost, selectedSession, selectionOf } from '../../src/store/selection.ts';
import { selectedIndex } from '../../src/store/view-transitions.ts';
import { hostRow, sessionRow } from '../components/inspect/open-panel.ts';

const rows = [{ key: hostKey('a') }, { key: hostKey('b') }, { key: sessionKey('b', 'ses_1') }] as unknown as Row[];

const indexOf = (selected: Selection | null, selectedAt = 0) => selectedIndex(rows, { selected, selectedAt });

it('the selection of a session that is gone falls back to its host', () => {
  expect(indexOf(selectedSession('b', 'ses_1'))).toBe(2);
  expect(indexOf(selectedSession('b', 'ses_gone'))).toBe(1);
  expect(indexOf(selectedSession('c', 'ses_gone'))).toBe(0);
  expect(indexOf(null)).toBe(0);
});

it('the selection of a row that is gone without a trace goes to the row that took its place', () => {
  expect(indexOf(selectedSession('c', 'ses_gone'), 1)).toBe(1);
  expect(indexOf(selectedSession('c', 'ses_gone'), 99)).toBe(rows.length - 1);
});

it('the selection of a row is the same as that of its host or session', () => {
  const session = sessionRow();
  if (session.kind !== 'session') throw new Error('not a session');
  expect(selectionOf(session)).toEqual(selectedSession('web1', session.session.id));
  expect(selectionOf(hostRow(session.entry))).toEqual(selectedHost('web1'));
});

it('the selection of a group belongs to no host', () => {
  expect(selectionOf({ kind: 'group', key: 'group x', name: 'x', entries: [], expanded: true })).toEqual({
    key: 'group x',
    alias: null,
    session: null,
  });
});
