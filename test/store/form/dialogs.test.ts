import { describe, expect, it } from 'vitest';
import { confirmReduce, createConfirm, KEEP_KEYS } from '../../../src/store/form/confirm.ts';
import { diffLines } from '../../../src/store/form/diff-lines.ts';
import { createPager, pagerReduce } from '../../../src/store/form/pager.ts';
import { createResults, resultReduce, withOutcome } from '../../../src/store/form/results.ts';

const room = { count: 30, height: 10 };

describe('a question before something is done', () => {
  const options = [
    { key: 'y', label: 'export, then delete' },
    { key: '!', label: 'delete', danger: true },
  ];
  const confirm = createConfirm({ name: 'delete', title: 'Delete?', lines: [], options });
  const effectOf = (keyName: string, state = confirm) => confirmReduce(state, keyName, room).effect;

  it('does nothing but what a key of it says', () => {
    expect(effectOf('y')).toEqual({ kind: 'choose', key: 'y' });
    expect(effectOf('!')).toEqual({ kind: 'choose', key: '!' });
    for (const key of ['space', 'Y', 'd', 'tab']) expect(effectOf(key)).toBeNull();
  });

  it.each(KEEP_KEYS)('is left by %s, which no option can have', (key) => {
    expect(effectOf(key)).toEqual({ kind: 'cancel' });
    expect(() => createConfirm({ name: 'abort', title: '', lines: [], options: [{ key, label: 'stop' }] })).toThrow(
      `${key} must not do anything`,
    );
  });

  it('cannot be answered twice, but left, while it is being done', () => {
    const busy = { ...confirm, busy: 'deleting' };
    expect(effectOf('y', busy)).toBeNull();
    expect(effectOf('esc', busy)).toEqual({ kind: 'cancel' });
    expect(effectOf('enter', busy)).toBeNull();
  });

  it('scrolls to both ends of what it is about, and no further', () => {
    const topAfter = (...keys: string[]) =>
      keys.reduce((state, key) => confirmReduce(state, key, room).state, confirm).top;
    expect(topAfter('up')).toBe(0);
    expect(topAfter('down', 'down', 'up')).toBe(1);
    expect(topAfter('pgdn', 'pgdn')).toBe(18);
    expect(topAfter('pgdn', 'pgdn', 'pgdn', 'pgdn')).toBe(20);
    expect(topAfter('end', 'pgup')).toBe(11);
    expect(topAfter('end', 'home')).toBe(0);
  });
});

describe('a list of results', () => {
  it('changes row by row, and is closed by a key', () => {
    const results = createResults('Archive', [{ label: 'a', outcome: 'waiting', reason: null }]);
    expect(withOutcome(results, 0, 'failed', 'offline').rows).toEqual([
      { label: 'a', outcome: 'failed', reason: 'offline' },
    ]);
    expect(withOutcome(results, 3, 'ok', null)).toBe(results);
    for (const key of ['esc', 'enter', 'q']) expect(resultReduce(results, key, room).effect).toEqual({ kind: 'close' });
    expect(resultReduce(results, 'end', room).state.top).toBe(20);
    expect(resultReduce(results, 'x', room)).toEqual({ state: results, effect: null });
  });
});

describe('a pager', () => {
  const pager = createPager({ title: 'a.ts', lines: [] });
  const paged = (...keys: string[]) => keys.reduce((state, key) => pagerReduce(state, key, room).state, pager);

  it('scrolls by the keys of less', () => {
    expect(paged('j', 'j', 'k').top).toBe(1);
    expect(paged('space').top).toBe(9);
    expect(paged('G').top).toBe(20);
    expect(paged('G', 'b', 'g').top).toBe(0);
  });

  it('moves sideways only while long lines are not wrapped', () => {
    expect(paged('right').left).toBe(0);
    expect(paged('w', 'right', 'right', 'left')).toMatchObject({ wrap: false, left: 8 });
    expect(paged('w', 'right', 'w')).toMatchObject({ wrap: true, left: 0 });
    expect(paged('w', 'left').left).toBe(0);
  });

  it('is closed by esc and q', () => {
    for (const key of ['esc', 'q']) expect(pagerReduce(pager, key, room).effect).toEqual({ kind: 'close' });
  });
});

describe('the lines of a diff', () => {
  it('are coloured by what they are, also where text looks like a head', () => {
    const patch = [
      '--- a.sql',
      '+++ a.sql',
      '@@ -1,3 +1,2 @@',
      ' select 1;',
      '--- a comment',
      '-x',
      '+y',
      '--- b.sql',
    ].join('\n');
    expect(diffLines(patch).map(([part]) => part?.colour ?? null)).toEqual([
      'dim',
      'dim',
      'accent',
      null,
      'bad',
      'bad',
      'good',
      'dim',
    ]);
    expect(diffLines('@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+b')).toEqual([
      [{ text: '@@ -1 +1 @@', colour: 'accent' }],
      [{ text: '-a', colour: 'bad' }],
      [{ text: '\\ No newline at end of file', colour: 'dim' }],
      [{ text: '+b', colour: 'good' }],
    ]);
  });
});
