import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Progress } from '../../src/mcp/progress.ts';

describe('the progress of a call', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('tells each change once, a heartbeat in between, and nothing afterwards', () => {
    const sent: [number, string][] = [];
    const progress = new Progress(
      async (step, text) => void sent.push([step, text]),
      () => 'asking 2 hosts',
    );
    vi.advanceTimersByTime(2000);
    progress.say('works');
    progress.say('works');
    vi.advanceTimersByTime(2000);
    progress.close();
    vi.advanceTimersByTime(60_000);
    expect(sent).toEqual([
      [1, 'asking 2 hosts'],
      [2, 'works'],
      [3, 'works'],
    ]);
  });

  it('outlives a client that is gone', async () => {
    const progress = new Progress(
      () => Promise.reject(new Error('gone')),
      () => '',
    );
    progress.say('works');
    await vi.advanceTimersByTimeAsync(10_000);
    progress.close();
  });
});
