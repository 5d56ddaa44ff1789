import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FreezeWatch } from '../../src/terminal/freeze-watch.ts';

describe('a program that may be frozen', () => {
  let told: (boolean | 'wake')[];
  let watch: FreezeWatch;

  beforeEach(() => {
    vi.useFakeTimers();
    told = [];
    watch = new FreezeWatch({ wake: () => told.push('wake'), tell: (isSilent) => told.push(isSilent) }, false);
  });
  afterEach(() => {
    watch.close();
    vi.useRealTimers();
  });

  it('is woken when it prints nothing after a key, and said to be silent when that does not help', () => {
    watch.typed();
    vi.advanceTimersByTime(2000);
    watch.typed();
    vi.advanceTimersByTime(1000);
    expect(told).toEqual(['wake']);
    vi.advanceTimersByTime(3000);
    expect(told).toEqual(['wake', true]);
    watch.printed(true);
    expect(told).toEqual(['wake', true, false]);
  });

  it('is left alone while it answers', () => {
    for (let key = 0; key < 10; key += 1) {
      watch.typed();
      vi.advanceTimersByTime(1000);
      watch.printed(true);
    }
    vi.advanceTimersByTime(60_000);
    expect(told).toEqual([]);
  });

  it('is woken when it gives its screen back without ending, until it has taken it again', () => {
    watch.printed(true);
    watch.printed(false);
    watch.printed(false);
    vi.advanceTimersByTime(300);
    expect(told).toEqual(['wake']);
    vi.advanceTimersByTime(1000);
    expect(told).toEqual(['wake', 'wake']);
    watch.printed(true);
    vi.advanceTimersByTime(60_000);
    expect(told).toEqual(['wake', 'wake']);
  });

  it('is not woken forever, nor after it is left', () => {
    watch.printed(true);
    watch.printed(false);
    vi.advanceTimersByTime(60_000);
    expect(told).toEqual(['wake', 'wake', 'wake']);
    watch.printed(true);
    watch.printed(false);
    watch.typed();
    watch.close();
    vi.advanceTimersByTime(60_000);
    expect(told).toHaveLength(3);
  });

  it('is woken when it comes back without the screen that it had', () => {
    const again = new FreezeWatch({ wake: () => told.push('wake'), tell: () => {} }, true);
    again.printed(false);
    vi.advanceTimersByTime(300);
    expect(told).toEqual(['wake']);
    again.close();
  });
});
