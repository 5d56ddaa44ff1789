/** Calls any number of listeners, in the order in which they were added. */
export class Listeners<Value> {
  readonly #listeners = new Set<(value: Value) => void>();

  get isEmpty(): boolean {
    return this.#listeners.size === 0;
  }

  /** Returns the function that removes the listener. Each call counts, even with the same function. */
  add(listener: (value: Value) => void): () => void {
    const own = (value: Value) => listener(value);
    this.#listeners.add(own);
    return () => void this.#listeners.delete(own);
  }

  /** Calls each listener. One that is removed meanwhile is not called any more. */
  call(value: Value): void {
    for (const listener of [...this.#listeners]) if (this.#listeners.has(listener)) listener(value);
  }
}
