import { describe, expect, it, vi } from 'vitest';
import { runSliced } from '../../src/store/run-sliced.ts';

function* countTo(end: number, seen: number[]): Generator<undefined, string> {
  for (let at = 1; at <= end; at += 1) {
    seen.push(at);
    yield;
  }
  return 'done';
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('a task in slices', () => {
  it('lets others go first, and hands over its result at the end', async () => {
    const seen: number[] = [];
    const done = vi.fn();
    runSliced(countTo(3, seen), 0, done);
    expect(seen).toEqual([]);
    await turn();
    expect(seen).toEqual([1]);
    await vi.waitFor(() => expect(done).toHaveBeenCalledWith('done', expect.any(Number)));
    expect(seen).toEqual([1, 2, 3]);
  });

  it('runs in one slice where there is time', async () => {
    const seen: number[] = [];
    runSliced(countTo(3, seen), 60_000, () => undefined);
    await turn();
    expect(seen).toEqual([1, 2, 3]);
  });

  it('ends when it is cancelled', async () => {
    const seen: number[] = [];
    const done = vi.fn();
    const cancel = runSliced(countTo(3, seen), 0, done);
    await turn();
    cancel();
    await turn();
    await turn();
    expect(seen).toEqual([1]);
    expect(done).not.toHaveBeenCalled();
  });
});
