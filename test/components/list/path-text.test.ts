import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { homeOf, shortenPath, withTilde } from '../../../src/components/list/path-text.ts';
import { textWidth } from '../../../src/domain/text-width.ts';
import { aSnapshot } from '../../support/builders.ts';
import '../../support/property-rounds.ts';

describe('a path', () => {
  it.each([
    [60, '~/src/apps/backoffice/internal/admin-tools'],
    [36, '~/…/backoffice/internal/admin-tools'],
    [34, '~/src/…/internal/admin-tools'],
    [28, '~/src/…/internal/admin-tools'],
    [27, '~/…/internal/admin-tools'],
    [23, '~/src/…/admin-tools'],
    [18, '~/…/admin-tools'],
    [14, '…/admin-tools'],
    [12, 'admin-tools'],
    [9, 'admi…ools'],
    [2, 'a…'],
    [1, '…'],
  ])('is cut on %i columns to %j', (columns, expected) => {
    expect(shortenPath('~/src/apps/backoffice/internal/admin-tools', columns, '…')).toBe(expected);
  });

  const folder = fc.stringMatching(/^[a-z漢é._-]{1,14}$/u);
  const path = fc.array(folder, { minLength: 1, maxLength: 9 }).map((folders) => `/${folders.join('/')}`);

  it('is never wider than asked', () => {
    fc.assert(
      fc.property(path, fc.integer({ min: 1, max: 60 }), fc.constantFrom('…', '...'), (text, columns, ellipsis) => {
        expect(textWidth(shortenPath(text, columns, ellipsis))).toBeLessThanOrEqual(Math.max(columns, ellipsis.length));
      }),
    );
  });

  it('keeps its last folder whole wherever that fits, and whole folders before it', () => {
    fc.assert(
      fc.property(path, fc.integer({ min: 1, max: 60 }), (text, columns) => {
        const short = shortenPath(text, columns, '…');
        const parts = text.split('/');
        const last = parts.at(-1) ?? '';
        if (textWidth(last) > columns) return;
        expect(short.endsWith(last)).toBe(true);
        for (const part of short.split('/')) expect([...parts, '…']).toContain(part);
      }),
    );
  });

  it('begins with ~ below the home of its user, as the place of the database tells it', () => {
    const home = homeOf(aSnapshot({ databasePath: '/home/ada/.local/share/opencode/opencode.db' }));
    expect(home).toBe('/home/ada');
    expect(['/home/ada', '/home/ada/work', '/home/adam', '/srv'].map((one) => withTilde(one, home))).toEqual([
      '~',
      '~/work',
      '/home/adam',
      '/srv',
    ]);
    expect(homeOf(aSnapshot({ databasePath: '/data/opencode.db' }))).toBeNull();
    expect([homeOf(null), withTilde('/srv', null)]).toEqual([null, '/srv']);
  });
});
