import { onAbort, sleep } from '../lib/abort.ts';
import { EXIT, VerbError } from '../verbs/exit-status.ts';

/** The calls of all clients, so that none is cut off in its clean-up when the server ends. */
export class RunningCalls {
  readonly #stop = new AbortController();
  readonly #running = new Set<Promise<unknown>>();

  /** Runs a call until it is done. Its signal aborts with the client's, and when all calls end; verbs take the reason for their error. */
  async run<Value>(client: AbortSignal, work: (signal: AbortSignal) => Promise<Value>): Promise<Value> {
    const ended = new AbortController();
    const release = onAbort(AbortSignal.any([client, this.#stop.signal]), () =>
      ended.abort(new VerbError(EXIT.interrupted, 'the call was cancelled')),
    );
    const call = work(ended.signal).finally(release);
    this.#running.add(call);
    try {
      return await call;
    } finally {
      this.#running.delete(call);
    }
  }

  /** Aborts all calls and waits for them, up to `patience` milliseconds. */
  async close(patience: number): Promise<void> {
    this.#stop.abort();
    const done = new AbortController();
    const settled = Promise.allSettled(this.#running).finally(() => done.abort());
    await Promise.race([settled, sleep(patience, done.signal)]);
  }
}
