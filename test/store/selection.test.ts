import { expect, it } from 'vitest';
import { hostKey, sessionKey } from '../../src/store/keys.ts';
import type { Row } from '../../src/store/rows.ts';
import { selectedIndex } from '../../src/store/view-transitions.ts';

const rows = [{ key: hostKey('a') }, { key: hostKey('b') }, { key: sessionKey('b', 'ses_1') }] as unknown as Row[];

it('the selection of a session that is gone falls back to its host', () => {
  expect(selectedIndex(rows, sessionKey('b', 'ses_1'))).toBe(2);
  expect(selectedIndex(rows, sessionKey('b', 'ses_gone'))).toBe(1);
  expect(selectedIndex(rows, sessionKey('c', 'ses_gone'))).toBe(0);
  expect(selectedIndex(rows, null)).toBe(0);
});
