import { expect, it } from 'vitest';
import { sentEnvironment } from '../../src/transport/environment.ts';

it('sends the variables that match a pattern, and those of SetEnv before them', () => {
  const environment = { LANG: 'C', LC_ALL: 'C', LC_TIME: 'de', SECRET: 'x', 'L.NG': 'no', EMPTY: undefined };
  const setEnv = { FOO: 'a b', LANG: 'en' };
  expect(sentEnvironment({ sendEnv: ['LANG', 'LC_*', 'L?NG'], setEnv }, environment)).toEqual({
    LANG: 'en',
    LC_ALL: 'C',
    LC_TIME: 'de',
    'L.NG': 'no',
    FOO: 'a b',
  });
  expect(sentEnvironment({ sendEnv: ['L.NG'], setEnv: {} }, { LONG: 'x', 'L.NG': 'y' })).toEqual({ 'L.NG': 'y' });
  expect(sentEnvironment({ sendEnv: [], setEnv: {} }, environment)).toEqual({});
});
