import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { RunGuard } from '../../src/transport/run-guard.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function guarded(changes: { signal?: AbortSignal } = {}) {
  const failures: string[] = [];
  const limits = { signal: new AbortController().signal, idleTimeout: 1000, maxBytes: 100, ...changes };
  const guard = new RunGuard(limits, ({ kind, message }) => failures.push(`${kind}: ${message}`));
  return { guard, failures };
}

describe('the guard of a run', () => {
  it('ends one that is silent, counting from the last byte', () => {
    const { guard, failures } = guarded();
    vi.advanceTimersByTime(900);
    guard.received(Buffer.from('x'));
    vi.advanceTimersByTime(900);
    expect(failures).toEqual([]);
    vi.advanceTimersByTime(200);
    expect(failures).toEqual(['timeout: no answer within 1s']);
  });

  it('ends one that drips for ever', () => {
    const { guard, failures } = guarded();
    for (let tick = 0; tick < 50; tick += 1) {
      guard.received(Buffer.from('x'));
      vi.advanceTimersByTime(500);
    }
    expect(failures).toEqual(['timeout: the answer did not end within 10s']);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('ends one that says too much, and one that is given up', () => {
    const { guard, failures } = guarded();
    guard.received(Buffer.alloc(60));
    guard.received(Buffer.alloc(60));
    expect(failures).toEqual(['overflow: the host sent more than 100 bytes']);
    const stop = new AbortController();
    const other = guarded({ signal: stop.signal });
    stop.abort();
    return vi.waitFor(() => expect(other.failures).toEqual(['aborted: the request was cancelled']));
  });

  it('says nothing after the end', () => {
    const { guard, failures } = guarded();
    guard.end();
    guard.received(Buffer.alloc(1000));
    vi.advanceTimersByTime(100_000);
    expect(failures).toEqual([]);
    expect(vi.getTimerCount()).toBe(0);
  });
});
