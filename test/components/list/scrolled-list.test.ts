import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ListPlace } from '../../../src/components/list/list-place.ts';
import { stickyRows } from '../../../src/components/list/sticky-rows.ts';
import { hostKey, projectKey } from '../../../src/store/keys.ts';
import { createRowSelector } from '../../../src/store/select-rows.ts';
import { initialState } from '../../../src/store/state.ts';
import { answered, aSession, NOW, SETTINGS } from '../../support/builders.ts';
import '../../support/property-rounds.ts';

describe('the place of a list', () => {
  it('keeps the selected row on its line when rows come and go above it', () => {
    const place = new ListPlace();
    const lineOf = (index: number, count: number) => index - place.firstRow('a', index, count, 10);
    expect([lineOf(50, 100), lineOf(57, 107), lineOf(40, 90)]).toEqual([7, 7, 7]);
  });

  it('moves as little as it can, and keeps two rows in sight around the selected one', () => {
    const place = new ListPlace();
    const first = (index: number) => place.firstRow(`${index}`, index, 100, 10);
    expect([first(0), first(7), first(8), first(20), first(15), first(14)]).toEqual([0, 0, 1, 13, 13, 12]);
  });

  it('leaves no gap at the end when rows go', () => {
    const place = new ListPlace();
    expect(place.firstRow('a', 99, 100, 10)).toBe(90);
    expect(place.firstRow('a', 11, 12, 10)).toBe(2);
    expect(place.firstRow('a', 3, 4, 10)).toBe(0);
  });

  it('always has the selected row in sight', () => {
    const step = fc.record({
      count: fc.integer({ min: 1, max: 60 }),
      at: fc.nat(),
      height: fc.integer({ min: 1, max: 15 }),
      key: fc.constantFrom('a', 'b', null),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 20 }), (steps) => {
        const place = new ListPlace();
        for (const { count, at, height, key } of steps) {
          const index = at % count;
          const first = place.firstRow(key, index, count, height);
          expect(first).toBeLessThanOrEqual(index);
          expect(first + height).toBeGreaterThan(index);
          expect(first).toBeLessThanOrEqual(Math.max(0, count - height));
        }
      }),
    );
  });
});

describe('the parents that stay in sight', () => {
  const sessions = ['/a', '/b'].flatMap((project) =>
    [0, 1, 2].map((at) => aSession({ id: `${project}${at}`, project, updated: NOW - at })),
  );
  const entries = ['h1', 'h2'].map((alias) => answered(alias, sessions));
  const unfolded = new Map(
    entries.map(({ host: { alias } }) => [
      alias,
      new Set([hostKey(alias), projectKey(alias, '/a'), projectKey(alias, '/b')]),
    ]),
  );
  const state = {
    ...initialState(SETTINGS, false),
    ...{ discovered: true, unfolded, entries: new Map(entries.map((entry) => [entry.host.alias, entry])) },
  };
  // Of each host: itself, a project, three sessions, a project, three sessions.
  const rows = createRowSelector()(state, NOW);
  const stickyAt = (first: number) => stickyRows(rows, first).map(({ key }) => key);

  it('are none at the top, nor for a host', () => {
    expect([rows.length, stickyAt(0), stickyAt(9)]).toEqual([18, [], []]);
  });

  it('are the host of a project, and the host and the project of a session', () => {
    expect(stickyAt(5)).toEqual([hostKey('h1')]);
    expect(stickyAt(2)).toEqual([hostKey('h1'), projectKey('h1', '/a')]);
    expect(stickyAt(15)).toEqual([hostKey('h2'), projectKey('h2', '/b')]);
  });

  it('never hide the next host', () => {
    expect(stickyAt(8)).toEqual([projectKey('h1', '/b')]);
  });
});
