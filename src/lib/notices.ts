/** Reports trouble that the program survives to the user, once per subject. */
export class Notices {
  readonly #told = new Set<string>();
  readonly #waiting: string[] = [];
  #listener: ((text: string) => void) | null = null;

  /** Reports a subject's first notice only, and queues it until there is a listener. */
  add(subject: string, text: string): void {
    if (this.#told.has(subject)) return;
    this.#told.add(subject);
    if (this.#listener === null) this.#waiting.push(text);
    else this.#listener(text);
  }

  /** Sets the listener, which gets queued and later notices. */
  listen(listener: (text: string) => void): void {
    this.#listener = listener;
    for (const text of this.#waiting.splice(0)) listener(text);
  }
}
