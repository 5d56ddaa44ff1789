import { setFlagsFromString } from 'node:v8';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { keepHeapLean, type Runtime } from '../../src/lib/lean-heap.ts';

const MB = 2 ** 20;

class FakeRuntime implements Runtime {
  readonly flags: string[] = [];
  collections = 0;
  megabytes = 0;
  share = 0;
  youngMegabytes = 2;
  /** Megabytes that stay after a collection. */
  live = 0;

  resident = () => this.megabytes * MB;
  young = () => this.youngMegabytes * MB;
  busy = () => this.share;
  setFlag = (flag: string) => void this.flags.push(flag);
  collect = () => {
    this.collections += 1;
    this.megabytes = this.live;
  };
}

describe('the lean heap', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  function start(): { runtime: FakeRuntime; stop: () => void } {
    const runtime = new FakeRuntime();
    Object.assign(runtime, { megabytes: 200, live: 120 });
    const stop = keepHeapLean(runtime);
    vi.advanceTimersByTime(2000);
    return { runtime, stop };
  }

  test('frees in the first quiet moment what the start left', () => {
    const { runtime } = start();
    expect(runtime).toMatchObject({ collections: 1, megabytes: 120 });
  });

  test('does nothing while little has come to it', () => {
    const { runtime } = start();
    runtime.megabytes = 130;
    vi.advanceTimersByTime(60_000);
    expect(runtime.collections).toBe(1);
  });

  test('waits for a quiet moment, unless much has come to it', () => {
    const { runtime } = start();
    Object.assign(runtime, { megabytes: 150, share: 0.5 });
    vi.advanceTimersByTime(60_000);
    expect(runtime.collections).toBe(1);
    runtime.megabytes = 190;
    vi.advanceTimersByTime(2000);
    expect(runtime.collections).toBe(2);
    Object.assign(runtime, { megabytes: 150, share: 0.01 });
    vi.advanceTimersByTime(2000);
    expect(runtime.collections).toBe(3);
  });

  test('lets the young generation grow until it holds a few frames', () => {
    const { runtime } = start();
    expect(runtime.flags).toEqual(['--heap-growing-percent=50', '--semi-space-growth-factor=2']);
    runtime.youngMegabytes = 16;
    vi.advanceTimersByTime(2000);
    // A collection makes it small again.
    runtime.youngMegabytes = 2;
    vi.advanceTimersByTime(2000);
    expect(runtime.flags.slice(2)).toEqual(['--semi-space-growth-factor=1', '--semi-space-growth-factor=2']);
  });

  test('ends when it is stopped', () => {
    const { runtime, stop } = start();
    stop();
    runtime.megabytes = 500;
    vi.advanceTimersByTime(60_000);
    expect(runtime.collections).toBe(1);
  });
});

test('this Node knows the flags, and can collect', () => {
  vi.useFakeTimers();
  try {
    const stop = keepHeapLean();
    vi.advanceTimersByTime(2000);
    stop();
  } finally {
    vi.useRealTimers();
    // Other tests run in this process.
    for (const flag of ['--semi-space-growth-factor=2', '--heap-growing-percent=0']) setFlagsFromString(flag);
  }
});
