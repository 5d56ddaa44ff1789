import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { KeysFirst } from '../../src/lib/keys-first.ts';

describe('heavy work beside keys', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  const never = new AbortController().signal;

  /** Asks for so many turns; gives the numbers of those that came. */
  function ask(keys: KeysFirst, count: number, signal = never): number[] {
    const started: number[] = [];
    for (let index = 0; index < count; index += 1) void keys.turn(signal).then(() => started.push(index));
    return started;
  }

  test('starts at once while no key arrives', async () => {
    const keys = new KeysFirst(Date.now);
    const started = ask(keys, 3);
    await vi.advanceTimersByTimeAsync(0);
    expect(started).toEqual([0, 1, 2]);
  });

  test('starts all of it once the keys have stopped', async () => {
    const keys = new KeysFirst(Date.now);
    keys.key();
    const started = ask(keys, 1);
    await vi.advanceTimersByTimeAsync(10);
    expect(started).toEqual([0]);
    keys.key();
    const later = ask(keys, 3);
    await vi.advanceTimersByTimeAsync(290);
    expect(later).toEqual([]);
    await vi.advanceTimersByTimeAsync(20);
    expect(later).toEqual([0, 1, 2]);
  });

  test('starts one piece at a time under a held key, in their order', async () => {
    const keys = new KeysFirst(Date.now);
    keys.key();
    const started = ask(keys, 10);
    for (let passed = 0; passed < 2000; passed += 20) {
      keys.key();
      await vi.advanceTimersByTimeAsync(20);
    }
    expect(started.length).toBeGreaterThanOrEqual(3);
    expect(started.length).toBeLessThanOrEqual(5);
    expect(started).toEqual(started.map((_, index) => index));
  });

  test('holds nobody up who gives up', async () => {
    const keys = new KeysFirst(Date.now);
    keys.key();
    void keys.turn(never);
    await vi.advanceTimersByTimeAsync(5);
    keys.key();
    const stop = new AbortController();
    const started = ask(keys, 1, stop.signal);
    stop.abort();
    await vi.advanceTimersByTimeAsync(0);
    expect(started).toEqual([0]);
  });
});
