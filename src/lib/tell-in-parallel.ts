import { onAbort } from './abort.ts';

/**
 * Runs a task for each item, at most `limit` at a time and in order, and yields everything that the tasks tell as it arrives. Rejects with the first
 * failure of a task. Aborts the other tasks then, and also when the caller stops reading or `signal` aborts, which ends the results without an error.
 */
export async function* tellInParallel<Item, Told>(
  items: readonly Item[],
  limit: number,
  signal: AbortSignal,
  run: (item: Item, tell: (told: Told) => void, signal: AbortSignal) => Promise<void>,
): AsyncGenerator<Told, void> {
  const stop = new AbortController();
  const queue: Told[] = [];
  let wake = Promise.withResolvers<void>();
  let isOver = false;
  const tell = (told: Told) => {
    queue.push(told);
    wake.resolve();
  };
  const rest = items.values();
  const work = async () => {
    for (const item of rest) {
      if (stop.signal.aborted) return;
      await run(item, tell, stop.signal);
    }
  };
  const all = Promise.all(Array.from({ length: Math.min(limit, items.length) }, work)).finally(() => {
    isOver = true;
    wake.resolve();
  });
  all.catch(() => stop.abort());
  const release = onAbort(signal, () => {
    stop.abort();
    wake.resolve();
  });
  try {
    for (;;) {
      for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
        if (signal.aborted) return;
        yield next;
      }
      if (isOver || signal.aborted) break;
      await wake.promise;
      wake = Promise.withResolvers<void>();
    }
    if (!signal.aborted) await all;
  } finally {
    release();
    stop.abort();
  }
}
