/** Tells the user, once for each subject, of trouble that the program goes on without. */
export class Notices {
  readonly #told = new Set<string>();
  readonly #waiting: string[] = [];
  #listener: ((text: string) => void) | null = null;

  /** Only the first of a subject is told. Before there is a listener it waits for one. */
  add(subject: string, text: string): void {
    if (this.#told.has(subject)) return;
    this.#told.add(subject);
    if (this.#listener === null) this.#waiting.push(text);
    else this.#listener(text);
  }

  /** Takes what waits, and what comes. */
  listen(listener: (text: string) => void): void {
    this.#listener = listener;
    for (const text of this.#waiting.splice(0)) listener(text);
  }
}
