import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { WorkerPool } from '../../src/probe/worker-pool.ts';

/** Tasks that end when the test says so. */
class Tasks {
  readonly started: string[] = [];
  readonly #ends = new Map<string, { resolve: (value: string) => void; reject: (error: Error) => void }>();

  task(name: string): () => Promise<string> {
    return () => {
      this.started.push(name);
      return new Promise((resolve, reject) => this.#ends.set(name, { resolve, reject }));
    };
  }

  async end(name: string): Promise<void> {
    this.#ends.get(name)?.resolve(name);
    await vi.advanceTimersByTimeAsync(0);
  }

  async fail(name: string): Promise<void> {
    this.#ends.get(name)?.reject(new Error(`${name} failed`));
    await vi.advanceTimersByTimeAsync(0);
  }
}

describe('the worker pool', () => {
  let tasks: Tasks;
  beforeEach(() => {
    vi.useFakeTimers();
    tasks = new Tasks();
  });
  afterEach(() => void vi.useRealTimers());

  it('runs no more at a time than it may, in their order', async () => {
    const pool = new WorkerPool(2);
    const runs = ['a', 'b', 'c', 'd'].map((name) => pool.run(tasks.task(name)));
    expect(tasks.started).toEqual(['a', 'b']);
    await tasks.end('b');
    expect(tasks.started).toEqual(['a', 'b', 'c']);
    await tasks.end('a');
    expect(tasks.started).toEqual(['a', 'b', 'c', 'd']);
    await tasks.end('c');
    await tasks.end('d');
    expect(await Promise.all(runs)).toEqual(['a', 'b', 'c', 'd']);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('passes on a failure, and goes on', async () => {
    const pool = new WorkerPool(1);
    const first = expect(pool.run(tasks.task('a'))).rejects.toThrow('a failed');
    const second = pool.run(tasks.task('b'));
    await tasks.fail('a');
    await first;
    await tasks.end('b');
    expect(await second).toBe('b');
  });

  it('lets others pass a task that is slow', async () => {
    const pool = new WorkerPool(1, 2000);
    const slow = pool.run(tasks.task('slow'));
    const quick = pool.run(tasks.task('quick'));
    await vi.advanceTimersByTimeAsync(1999);
    expect(tasks.started).toEqual(['slow']);
    await vi.advanceTimersByTimeAsync(1);
    expect(tasks.started).toEqual(['slow', 'quick']);
    await tasks.end('quick');
    expect(await quick).toBe('quick');
    await tasks.end('slow');
    expect(await slow).toBe('slow');
  });

  it('has as many places for slow tasks as for quick ones, and no more', async () => {
    const pool = new WorkerPool(2, 2000);
    const runs = ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => pool.run(tasks.task(name)));
    await vi.advanceTimersByTimeAsync(2000);
    expect(tasks.started).toEqual(['a', 'b', 'c', 'd']);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(tasks.started).toEqual(['a', 'b', 'c', 'd']);
    await tasks.end('c');
    expect(tasks.started).toEqual(['a', 'b', 'c', 'd', 'e']);
    for (const name of ['a', 'b', 'd', 'e', 'f']) await tasks.end(name);
    expect(await Promise.all(runs)).toHaveLength(6);
  });

  it('is whole again after slow tasks have ended', async () => {
    const pool = new WorkerPool(1, 2000);
    const slow = pool.run(tasks.task('slow'));
    await vi.advanceTimersByTimeAsync(2000);
    await tasks.end('slow');
    await slow;
    const runs = [pool.run(tasks.task('a')), pool.run(tasks.task('b'))];
    expect(tasks.started).toEqual(['slow', 'a']);
    await tasks.end('a');
    await tasks.end('b');
    await Promise.all(runs);
  });
});
