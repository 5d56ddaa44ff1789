import { expect, it } from 'vitest';
import { SingleFlight } from '../../src/lib/single-flight.ts';

const never = new AbortController().signal;

it('runs work once for all who ask meanwhile, and again for those who ask later', async () => {
  const flights = new SingleFlight<number>();
  let runs = 0;
  const work = async () => ++runs;
  expect(await Promise.all([flights.run('a', never, work), flights.run('a', never, work)])).toEqual([1, 1]);
  expect(await flights.run('b', never, work)).toBe(2);
  expect(await flights.run('a', never, work)).toBe(3);
});

it('does not abort the signal of work that has ended: its result may depend on it', async () => {
  const flights = new SingleFlight<AbortSignal>();
  const signal = await flights.run('a', never, async (given) => given);
  await flights.close();
  expect(signal.aborted).toBe(false);
});

it('starts work again for the next one after all have given it up', async () => {
  const flights = new SingleFlight<string>();
  const stop = new AbortController();
  const first = flights.run('a', stop.signal, () => new Promise(() => {}));
  stop.abort(new Error('enough'));
  await expect(first).rejects.toThrow('enough');
  expect(await flights.run('a', never, async () => 'new')).toBe('new');
});

it('starts nothing for a signal that has aborted', async () => {
  const flights = new SingleFlight<string>();
  const work = () => expect.unreachable();
  await expect(flights.run('a', AbortSignal.abort(new Error('over')), work)).rejects.toThrow('over');
});
