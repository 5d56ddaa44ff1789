import { expect, it } from 'vitest';
import { describeKeyConflict, findKeyConflicts, type KeyUse } from '../../src/domain/key-conflicts.ts';

const use = (action: string, keys: string[], line?: number, modes = ['tree']): KeyUse => ({
  action,
  keys,
  modes,
  ...(line !== undefined && { line }),
});
const found = (uses: readonly KeyUse[]) =>
  findKeyConflicts(uses).map(({ key, kept, off }) => [key, kept.action, off.action]);

it('the later line loses the key that two lines set', () => {
  const uses = [use('archive', ['d'], 9), use('stop', ['d', 'x'], 4)];
  expect(found(uses)).toEqual([['d', 'stop', 'archive']]);
  const [conflict] = findKeyConflicts(uses);
  expect(describeKeyConflict(conflict!, 'a.yaml')).toBe(
    'a.yaml:9: d is the key of stop (line 4) and archive (line 9); it is off for archive',
  );
});

it('a line of the file takes a key from a default', () => {
  const uses = [use('kill_session', ['d']), use('archive', ['d'], 3)];
  expect(found(uses)).toEqual([['d', 'archive', 'kill_session']]);
  expect(describeKeyConflict(findKeyConflicts(uses)[0]!, 'a.yaml')).toBe(
    'a.yaml:3: d is the key of archive (line 3) and kill_session (default); it is off for kill_session',
  );
});

it('each of several losers is named with the action that keeps the key', () => {
  expect(found([use('a', ['x'], 1), use('b', ['x'], 2), use('c', ['x'], 3)])).toEqual([
    ['x', 'a', 'b'],
    ['x', 'a', 'c'],
  ]);
});

it('the same key in two places is no conflict', () => {
  expect(found([use('a', ['x'], 1, ['tree']), use('b', ['x'], 2, ['panel'])])).toEqual([]);
});

it('a key may start a chord, and one action may have a key twice', () => {
  expect(found([use('git_clone', ['g', 'g c']), use('top', ['g g'])])).toEqual([]);
  expect(found([use('a', ['ctrl+x'], 1), use('b', ['ctrl+x s'], 2)])).toEqual([]);
  expect(found([use('a', ['x'], 1), use('a', ['x'], 2)])).toEqual([]);
});

it('two equal chords are a conflict', () => {
  expect(found([use('a', ['g c'], 1), use('b', ['g c'], 2)])).toEqual([['g c', 'a', 'b']]);
});
