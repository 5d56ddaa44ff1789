import { expect, it } from 'vitest';
import { Places } from '../../src/transport/places.ts';

it('places are given to so many at a time, in the order in which they came, and while one is away to another', async () => {
  const places = new Places(1);
  const events: string[] = [];
  const answer = Promise.withResolvers<void>();
  const first = places.run(async (away) => {
    events.push('first');
    await away(() => answer.promise);
    events.push('first again');
  });
  const second = places.run(async () => {
    events.push('second');
    answer.resolve();
    await Promise.resolve();
    events.push('second ends');
  });
  const third = places.run(async () => void events.push('third'));
  await Promise.all([first, second, third]);
  expect(events).toEqual(['first', 'second', 'second ends', 'third', 'first again']);
});

it('a place is free again after a task that fails, and after a wait that fails', async () => {
  const places = new Places(1);
  await expect(places.run(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
  await expect(places.run((away) => away(() => Promise.reject(new Error('nobody'))))).rejects.toThrow('nobody');
  expect(await Promise.all([1, 2, 3].map((number) => places.run(async () => number)))).toEqual([1, 2, 3]);
});
