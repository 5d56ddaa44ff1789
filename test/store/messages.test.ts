import { describe, expect, it } from 'vitest';
import { hasFailures, type KeyHint, type Message, nextTold, toldAt, withMessage } from '../../src/store/messages.ts';

/** The messages at these times, and which of them were seen. */
function told(...given: readonly (readonly [at: number, kind: Message['kind'], text: string])[]): {
  messages: readonly Message[];
  hint: KeyHint | null;
  failuresSeen: number;
} {
  const messages = given.reduce<readonly Message[]>(
    (before, [at, kind, text]) => withMessage(before, { kind, text, lines: [], at }),
    [],
  );
  return { messages, hint: null, failuresSeen: 0 };
}

const textAt = (state: ReturnType<typeof told>, now: number) => toldAt(state, now).toast?.text ?? null;

describe('the place for toasts', () => {
  it('has one message after the other, each for a second and a half at least', () => {
    const state = told([1000, 'info', 'a'], [1000, 'info', 'b'], [1100, 'error', 'c']);
    expect([1000, 2499, 2500, 3999, 4000].map((now) => textAt(state, now))).toEqual(['a', 'a', 'b', 'b', 'c']);
    expect(nextTold(state, 1000)).toBe(2500);
    expect(nextTold(state, 2500)).toBe(4000);
  });

  it('keeps a message for five seconds when nothing follows it', () => {
    const state = told([1000, 'info', 'a']);
    expect([1000, 5999, 6000].map((now) => textAt(state, now))).toEqual(['a', 'a', null]);
    expect(nextTold(state, 1000)).toBe(6000);
    expect(nextTold(state, 6000)).toBeNull();
  });

  it('keeps a failure until it was seen, also behind what succeeds after it', () => {
    const state = told([1000, 'error', 'no'], [9000, 'info', 'yes']);
    expect(toldAt(state, 8000)).toMatchObject({ toast: { text: 'no' }, failures: 0 });
    expect(toldAt(state, 9000)).toMatchObject({ toast: { text: 'yes' }, failures: 1 });
    expect(toldAt(state, 900_000)).toMatchObject({ toast: { text: 'no' }, failures: 0 });
    expect(hasFailures(state)).toBe(true);
    const seen = { ...state, failuresSeen: 1000 };
    expect(toldAt(seen, 900_000)).toEqual({ toast: null, failures: 0 });
    expect(hasFailures(seen)).toBe(false);
  });

  it('counts the failures that wait behind the last one', () => {
    const state = told([1000, 'error', 'one'], [5000, 'error', 'two'], [9000, 'error', 'three']);
    expect(toldAt(state, 20_000)).toMatchObject({ toast: { text: 'three' }, failures: 2 });
    expect(toldAt({ ...state, failuresSeen: 5000 }, 20_000)).toMatchObject({ failures: 0 });
  });

  it('answers a key at once, and gives the place back', () => {
    const state = told([1000, 'error', 'no']);
    const hinted = { ...state, hint: { kind: 'hint', text: 'nothing here', at: 2000 } as const };
    expect([1999, 2000, 5999, 6000].map((now) => textAt(hinted, now))).toEqual([
      'nothing here',
      'nothing here',
      'nothing here',
      'no',
    ]);
    expect(nextTold(hinted, 2000)).toBe(6000);
  });

  it('is not held up by a burst: what waits longest gives way, and all of it is kept', () => {
    const burst = Array.from({ length: 100 }, (_, at) => [1000 + at, 'info', `m${at}`] as const);
    const state = told(...burst);
    expect(textAt(state, 1000)).toBe('m0');
    expect(textAt(state, 7200)).toBe('m99');
    expect(state.messages).toHaveLength(100);
    const froms = state.messages.map(({ from }) => from);
    expect(froms).toEqual(froms.toSorted((a, b) => a - b));
  });

  it('is followed by 500 messages at most', () => {
    const state = told(...Array.from({ length: 700 }, (_, at) => [at * 2000, 'info', `m${at}`] as const));
    expect(state.messages).toHaveLength(500);
    expect(state.messages.at(-1)?.text).toBe('m699');
  });
});
