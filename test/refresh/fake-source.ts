import { vi } from 'vitest';
import type { LiveEvent, LiveReading } from '../../src/domain/live.ts';
import { onAbort } from '../../src/lib/abort.ts';
import type { LiveSource } from '../../src/refresh/live-link.ts';

/** The error for a missing password. */
export class Unauthorized extends Error {}

export class Unproven extends Error {}

interface AskedReading {
  readonly directories: readonly string[];
  readonly answer: (changes?: Partial<LiveReading>) => void;
  readonly fail: (reason: string) => void;
}

/** A server that sends, answers and fails as the test says. A reading waits for the test to answer it. */
export class FakeSource implements LiveSource {
  readonly readings: AskedReading[] = [];
  streams = 0;
  closed = 0;
  /** The error of the next requests. */
  healthError: Error | null = null;
  streamError: Error | null = null;
  readError: Error | null = null;
  #send: ((batch: readonly LiveEvent[] | null | Error) => void) | null = null;

  async health(signal: AbortSignal) {
    signal.throwIfAborted();
    if (this.healthError !== null) throw this.healthError;
    return { version: '1.18.33' };
  }

  read(directories: readonly string[], signal: AbortSignal): Promise<LiveReading> {
    if (this.readError !== null) return Promise.reject(this.readError);
    const { promise, resolve, reject } = Promise.withResolvers<LiveReading>();
    onAbort(signal, () => reject(new Error('given up')));
    const answer = (changes: Partial<LiveReading> = {}) =>
      resolve({ statuses: new Map(), requests: [], directories, ...changes });
    this.readings.push({ directories, answer, fail: (reason) => reject(new Error(reason)) });
    return promise;
  }

  async *events(signal: AbortSignal): AsyncGenerator<readonly LiveEvent[], void> {
    this.streams += 1;
    if (this.streamError !== null) throw this.streamError;
    const batches: (readonly LiveEvent[] | null | Error)[] = [];
    let wake = () => {};
    this.#send = (batch) => {
      batches.push(batch);
      wake();
    };
    const release = onAbort(signal, () => this.#send?.(null));
    try {
      for (;;) {
        while (batches.length === 0) await new Promise<void>((resolve) => (wake = resolve));
        const batch = batches.shift() ?? null;
        if (batch === null || signal.aborted) return;
        if (batch instanceof Error) throw batch;
        yield batch;
      }
    } finally {
      release();
      this.#send = null;
    }
  }

  /** True if its stream is being read. */
  get streaming(): boolean {
    return this.#send !== null;
  }

  async close() {
    this.closed += 1;
  }

  async send(...events: readonly LiveEvent[]): Promise<void> {
    if (this.#send === null) throw new Error('nobody reads the stream');
    this.#send(events);
    await pass(0);
  }

  async endStream(error: Error | null = null): Promise<void> {
    this.#send?.(error);
    await pass(0);
  }

  /** Answers the reading that was asked for last. */
  async answer(changes: Partial<LiveReading> = {}): Promise<void> {
    const last = this.readings.at(-1);
    if (last === undefined) throw new Error('nothing was asked');
    last.answer(changes);
    await pass(0);
  }
}

/** Milliseconds go by. */
export const pass = (milliseconds: number) => vi.advanceTimersByTimeAsync(milliseconds);
