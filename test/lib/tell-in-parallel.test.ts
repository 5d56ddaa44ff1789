import { setImmediate } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { onAbort } from '../../src/lib/abort.ts';
import { tellInParallel } from '../../src/lib/tell-in-parallel.ts';

const never = new AbortController().signal;

async function collect<Told>(told: AsyncIterable<Told>): Promise<Told[]> {
  const all: Told[] = [];
  for await (const one of told) all.push(one);
  return all;
}

const untilAborted = (signal: AbortSignal) => new Promise<void>((resolve) => onAbort(signal, resolve));

it('results of a quick task do not wait for a slow one', async () => {
  const slow = Promise.withResolvers<void>();
  const told = tellInParallel<string, string>(['slow', 'quick'], 2, never, async (item, tell) => {
    if (item === 'slow') await slow.promise;
    tell(item);
  });
  expect((await told.next()).value).toBe('quick');
  slow.resolve();
  expect(await collect(told)).toEqual(['slow']);
});

it('no more tasks than allowed run at a time', async () => {
  let [running, most] = [0, 0];
  const items = Array.from({ length: 20 }, (_, at) => at);
  const told = tellInParallel<number, number>(items, 3, never, async (item, tell) => {
    running += 1;
    most = Math.max(most, running);
    await setImmediate();
    running -= 1;
    tell(item);
  });
  expect((await collect(told)).sort((a, b) => a - b)).toEqual(items);
  expect(most).toBe(3);
});

it('an abort ends the results at once and aborts the tasks', async () => {
  const stop = new AbortController();
  let aborted = 0;
  const told = tellInParallel<number, number>([1, 2], 2, stop.signal, async (item, tell, signal) => {
    tell(item);
    await untilAborted(signal);
    aborted += 1;
  });
  expect([(await told.next()).value, (await told.next()).value]).toEqual([1, 2]);
  const rest = told.next();
  stop.abort();
  expect((await rest).done).toBe(true);
  await setImmediate();
  expect(aborted).toBe(2);
});

it('a caller that stops reading aborts the tasks', async () => {
  let isAborted = false;
  for await (const _ of tellInParallel<number, number>([1], 1, never, async (item, tell, signal) => {
    tell(item);
    await untilAborted(signal);
    isAborted = true;
  })) {
    break;
  }
  await setImmediate();
  expect(isAborted).toBe(true);
});

it('a failure rejects, and aborts the other tasks', async () => {
  let isAborted = false;
  const told = tellInParallel<string, string>(['fails', 'waits'], 2, never, async (item, _tell, signal) => {
    if (item === 'fails') throw new Error('broken');
    await untilAborted(signal);
    isAborted = true;
  });
  await expect(collect(told)).rejects.toThrow('broken');
  await setImmediate();
  expect(isAborted).toBe(true);
});
