import { expect, it } from 'vitest';
import { matchesWildcard } from '../../src/lib/wildcard.ts';

it.each([
  ['web1', 'web1', true],
  ['web1', 'web', false],
  ['web1', 'web?', true],
  ['web', 'web?', false],
  ['web', 'web*', true],
  ['web12', '*1*', true],
  ['aXbXc', 'a*b*c', true],
  ['aXbXc', 'a*b*d', false],
  ['', '*', true],
  ['', '', true],
  ['', '?', false],
  ['a.b', 'a?b', true],
  ['axb', 'a.b', false],
])('%j matches %j: %s', (text, pattern, matches) => {
  expect(matchesWildcard(text, pattern)).toBe(matches);
});

it('takes no time for a pattern of a thousand stars', () => {
  expect(matchesWildcard('a'.repeat(1000), `${'*a'.repeat(1000)}b`)).toBe(false);
});
