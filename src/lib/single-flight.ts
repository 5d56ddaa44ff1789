import { onAbort } from './abort.ts';

/** Work in flight for one key. */
interface Flight<Value> {
  /** Rejects as soon as the work is aborted, though it may take a while to end. */
  readonly result: Promise<Value>;
  readonly work: Promise<Value>;
  readonly stop: AbortController;
  /** Callers that still want the result. */
  waiting: number;
}

/** Runs work once per key, however many callers ask for it meanwhile. Results are not kept. */
export class SingleFlight<Value> {
  readonly #flights = new Map<string, Flight<Value>>();

  /**
   * Joins the work in flight for the key, else starts it. When the signal aborts, this caller stops waiting; when the last caller has, the work is
   * aborted.
   */
  async run(key: string, signal: AbortSignal, work: (signal: AbortSignal) => Promise<Value>): Promise<Value> {
    signal.throwIfAborted();
    const flight = this.#flights.get(key) ?? this.#start(key, work);
    flight.waiting += 1;
    const given = Promise.withResolvers<never>();
    const release = onAbort(signal, () => given.reject(signal.reason));
    try {
      return await Promise.race([flight.result, given.promise]);
    } finally {
      release();
      flight.waiting -= 1;
      if (flight.waiting === 0) this.#abort(key, flight);
    }
  }

  /** Aborts the work in flight for a key. */
  cancel(key: string, reason?: unknown): void {
    const flight = this.#flights.get(key);
    if (flight !== undefined) this.#abort(key, flight, reason);
  }

  /** Aborts all work, and resolves when it has ended. */
  async close(): Promise<void> {
    const flights = [...this.#flights];
    for (const [key, flight] of flights) this.#abort(key, flight);
    await Promise.allSettled(flights.map(([, { work }]) => work));
  }

  #start(key: string, begin: (signal: AbortSignal) => Promise<Value>): Flight<Value> {
    const stop = new AbortController();
    const aborted = Promise.withResolvers<never>();
    stop.signal.addEventListener('abort', () => aborted.reject(stop.signal.reason), { once: true });
    const work = begin(stop.signal);
    const result = Promise.race([work, aborted.promise]);
    const flight: Flight<Value> = { result, work, stop, waiting: 0 };
    this.#flights.set(key, flight);
    const end = () => this.#forget(key, flight);
    result.then(end, end);
    return flight;
  }

  #abort(key: string, flight: Flight<Value>, reason?: unknown): void {
    // The result may be in use, and its resources may belong to the signal.
    if (this.#forget(key, flight)) flight.stop.abort(reason);
  }

  /** True if the work was still in flight. */
  #forget(key: string, flight: Flight<Value>): boolean {
    return this.#flights.get(key) === flight && this.#flights.delete(key);
  }
}
