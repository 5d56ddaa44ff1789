export type Closer = () => void | Promise<void>;

/** Collects resources, and releases each once, last acquired first. */
export class Closers {
  readonly #closers: Closer[] = [];
  #closing: Promise<void> | undefined;

  /** Registers a closer. Registered while closing, it runs as well. */
  add(closer: Closer): void {
    this.#closers.push(closer);
  }

  /** Runs every closer, also when one of them throws; rejects with the first error at the end. */
  close(): Promise<void> {
    this.#closing ??= this.#run();
    return this.#closing;
  }

  async #run(): Promise<void> {
    const errors: unknown[] = [];
    for (let closer = this.#closers.pop(); closer !== undefined; closer = this.#closers.pop()) {
      try {
        await closer();
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length > 0) throw errors[0];
  }
}
