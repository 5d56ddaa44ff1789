import type { TranscriptEvent } from './transcript-event.ts';

type Listener = (event: TranscriptEvent) => void;

/** The listeners for each session's messages. */
export class TranscriptWatchers {
  readonly #listeners = new Map<string, Set<Listener>>();

  has(sessionId: string): boolean {
    return this.#listeners.has(sessionId);
  }

  /** Returns a function that removes it. */
  add(sessionId: string, listener: Listener): () => void {
    const listeners = this.#listeners.get(sessionId) ?? new Set();
    this.#listeners.set(sessionId, listeners.add(listener));
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0 && this.#listeners.get(sessionId) === listeners) this.#listeners.delete(sessionId);
    };
  }

  tell(sessionId: string, event: TranscriptEvent): void {
    for (const listener of this.#listeners.get(sessionId) ?? []) listener(event);
  }

  notifyAll(event: TranscriptEvent): void {
    for (const sessionId of this.#listeners.keys()) this.tell(sessionId, event);
  }
}
