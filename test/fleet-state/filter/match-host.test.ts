import { describe, expect, it } from 'vitest';
import { matchesHost } from '../../../src/fleet/filter/match-host.ts';
import { parseFilter } from '../../../src/fleet/filter/parse-filter.ts';
import { INPUTS } from './filter-fleet.ts';

function verdicts(text: string) {
  return Object.fromEntries(
    [...INPUTS.entries].map(([alias, entry]) => [alias, matchesHost(parseFilter(text), entry)] as const),
  );
}

describe('a host', () => {
  it.each([
    ['', true, true, true],
    ['web', true, true, true],
    ['host:prod-*', true, true, false],
    ['!host:prod-*', false, false, true],
    ['group:work', true, false, false],
    ['is:live', true, false, false],
    ['is:polled', false, true, false],
    ['is:live,archived', true, null, null],
    ['!is:live,archived', false, null, null],
    ['state:error', null, null, null],
    ['state:error host:prod-*', null, null, false],
    ['"prod-db"', null, true, null],
    ['!prod-db', null, false, null],
    ['archived', null, null, null],
  ])('is judged by %s', (text, api, db, dev) => {
    expect(verdicts(text)).toEqual({ 'prod-api': api, 'prod-db': db, 'dev-anna': dev });
  });
});
