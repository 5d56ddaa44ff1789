type Listener = (chunk: Buffer) => void;

/** The output of a program on a pty. Buffers it until the first listener. */
export class PtyOutput {
  readonly #listeners = new Set<Listener>();
  #early: Buffer[] | null = [];

  push(chunk: Buffer): void {
    if (this.#early !== null) this.#early.push(chunk);
    else for (const listener of this.#listeners) listener(chunk);
  }

  /** Adds a listener. The first one gets the buffered output at once. Returns a function that removes it. */
  onData(listener: Listener): () => void {
    this.#listeners.add(listener);
    const early = this.#early ?? [];
    this.#early = null;
    for (const chunk of early) listener(chunk);
    return () => void this.#listeners.delete(listener);
  }
}
