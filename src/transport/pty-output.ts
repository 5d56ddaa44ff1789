type Listener = (chunk: Buffer) => void;

/** What a program on a pty prints. Nothing is lost before somebody listens. */
export class PtyOutput {
  readonly #listeners = new Set<Listener>();
  #early: Buffer[] | null = [];

  push(chunk: Buffer): void {
    if (this.#early !== null) this.#early.push(chunk);
    else for (const listener of this.#listeners) listener(chunk);
  }

  /** The first listener is given at once what came before it. Returns what takes it off. */
  onData(listener: Listener): () => void {
    this.#listeners.add(listener);
    const early = this.#early ?? [];
    this.#early = null;
    for (const chunk of early) listener(chunk);
    return () => void this.#listeners.delete(listener);
  }
}
