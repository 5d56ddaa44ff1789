import { expect, it } from 'vitest';
import { hostKey, projectKey, sessionKey, sessionOfKey } from '../../src/store/keys.ts';

it('the key of a session names it, and no other key does', () => {
  expect(sessionOfKey(sessionKey('a host', 'ses_1'))).toEqual({ alias: 'a host', id: 'ses_1' });
  for (const key of [hostKey('web1'), projectKey('web1', '/srv'), 'no group', '', 'session web1']) {
    expect(sessionOfKey(key)).toBeNull();
  }
});
