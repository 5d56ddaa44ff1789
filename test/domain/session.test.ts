import { describe, expect, it } from 'vitest';
import { dedupeSessions, lastUseOf, placeInProject, projectOf } from '../../src/domain/session.ts';
import { MAX_LEVELS, splitSubagents } from '../../src/domain/session-levels.ts';
import { aSession, NOW } from '../support/builders.ts';

describe('dedupeSessions', () => {
  it('keeps the first of those with the same id, in order', () => {
    const sessions = [
      aSession({ id: 'a', title: 'first' }),
      aSession({ id: 'b' }),
      aSession({ id: 'a', title: 'second' }),
    ];
    expect(dedupeSessions(sessions).map(({ id, title }) => `${id} ${title}`)).toEqual([
      'a first',
      'b Fix the login page',
    ]);
  });

  it('gives the same list back when there is nothing to drop', () => {
    const sessions = [aSession({ id: 'a' }), aSession({ id: 'b' })];
    expect(dedupeSessions(sessions)).toBe(sessions);
  });
});

describe('splitSubagents', () => {
  it('puts children below their parents, whichever came first', () => {
    const { roots, children } = splitSubagents([
      aSession({ id: 'child', parentId: 'root' }),
      aSession({ id: 'root' }),
      aSession({ id: 'second', parentId: 'root' }),
      aSession({ id: 'grandchild', parentId: 'child' }),
    ]);
    expect(roots.map(({ id }) => id)).toEqual(['root']);
    expect(children.get('root')?.map(({ id }) => id)).toEqual(['child', 'second']);
    expect(children.get('child')?.map(({ id }) => id)).toEqual(['grandchild']);
  });

  it('takes a child whose parent is not listed for a root', () => {
    const { roots, children } = splitSubagents([aSession({ id: 'orphan', parentId: 'gone' })]);
    expect(roots.map(({ id }) => id)).toEqual(['orphan']);
    expect(children.size).toBe(0);
  });

  it('loses no session whose parents form a circle: the one listed first is the root', () => {
    const { roots, children } = splitSubagents([
      aSession({ id: 'tail', parentId: 'b' }),
      aSession({ id: 'a', parentId: 'c' }),
      aSession({ id: 'b', parentId: 'a' }),
      aSession({ id: 'c', parentId: 'b' }),
      aSession({ id: 'self', parentId: 'self' }),
    ]);
    expect(roots.map(({ id }) => id)).toEqual(['a', 'self']);
    expect(children.get('a')?.map(({ id }) => id)).toEqual(['b']);
    expect(children.get('b')?.map(({ id }) => id)).toEqual(['tail', 'c']);
  });

  it('lets no session stand deeper than levels are followed, and loses none', () => {
    const chain = Array.from({ length: 20_000 }, (_, at) =>
      aSession({ id: `s${at}`, parentId: at === 0 ? null : `s${at - 1}` }),
    );
    for (const sessions of [chain, chain.toReversed()]) {
      const { roots, children } = splitSubagents(sessions);
      const below = [...children.values()].reduce((sum, { length }) => sum + length, 0);
      expect(roots.length + below).toBe(chain.length);
      expect(roots).toHaveLength(Math.ceil(chain.length / (MAX_LEVELS + 1)));
    }
  });
});

describe('projectOf', () => {
  it('is the worktree, and the folder itself where there is none', () => {
    expect(projectOf('/srv/shop', '/srv/shop/web')).toBe('/srv/shop');
    expect(projectOf('/', '/tmp/notes')).toBe('/tmp/notes');
    expect(projectOf(null, '/tmp/notes')).toBe('/tmp/notes');
  });

  it('is the folder itself where that is another clone of the same repository', () => {
    expect(projectOf('/srv/shop', '/srv/shop-two')).toBe('/srv/shop-two');
    expect(projectOf('/srv/shop', '/home/ada/shop/web')).toBe('/home/ada/shop/web');
    expect(projectOf('/srv/shop', '/srv/shop')).toBe('/srv/shop');
  });
});

describe('placeInProject', () => {
  it('is what the directory is called there', () => {
    expect(placeInProject({ project: '/srv/shop', directory: '/srv/shop/web/cart' })).toBe('web/cart');
    expect(placeInProject({ project: '/srv/shop', directory: '/srv/shop' })).toBe('');
  });
});

describe('the last use of a session', () => {
  it('is the end of its last turn, whatever has touched it since', () => {
    expect(lastUseOf({ updated: NOW, endedAt: NOW - 7_200_000 })).toBe(NOW - 7_200_000);
    expect(lastUseOf({ updated: NOW - 5, endedAt: NOW })).toBe(NOW - 5);
    expect(lastUseOf({ updated: NOW })).toBe(NOW);
  });
});
