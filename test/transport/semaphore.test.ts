import { expect, it } from 'vitest';
import { Semaphore } from '../../src/transport/semaphore.ts';

it('runs one task at a time, in order, and lets another run during an unheld wait', async () => {
  const semaphore = new Semaphore(1);
  const events: string[] = [];
  const answer = Promise.withResolvers<void>();
  const first = semaphore.run(async (unheld) => {
    events.push('first');
    await unheld(() => answer.promise);
    events.push('first again');
  });
  const second = semaphore.run(async () => {
    events.push('second');
    answer.resolve();
    await Promise.resolve();
    events.push('second ends');
  });
  const third = semaphore.run(async () => void events.push('third'));
  await Promise.all([first, second, third]);
  expect(events).toEqual(['first', 'second', 'second ends', 'third', 'first again']);
});

it('a place is free again after a task that fails, and after a wait that fails', async () => {
  const semaphore = new Semaphore(1);
  await expect(semaphore.run(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
  await expect(semaphore.run((unheld) => unheld(() => Promise.reject(new Error('nobody'))))).rejects.toThrow('nobody');
  expect(await Promise.all([1, 2, 3].map((number) => semaphore.run(async () => number)))).toEqual([1, 2, 3]);
});
