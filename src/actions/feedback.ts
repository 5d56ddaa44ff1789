import { AsyncLocalStorage } from 'node:async_hooks';
import type { OcrStore } from '../store/store.ts';

const listening = new AsyncLocalStorage<(text: string) => void>();

/** Does something, and gives to `hear` what a person is told by it, in the words for the log: by nothing else that goes on meanwhile. */
export function hearing(hear: (text: string) => void, work: () => Promise<void>): Promise<void> {
  return listening.run(hear, work);
}

/**
 * Tells a person something in a toast.
 * @param logged what stands in the log instead, where that is no place for all of it
 */
export function say(store: OcrStore, text: string, logged = text): void {
  listening.getStore()?.(logged);
  store.setState({ toast: { kind: 'info', text, at: Date.now() } });
}

/** Tells a person of a failure; `lines` are what the error dialog shows besides. */
export function sayError(store: OcrStore, text: string, lines: readonly string[]): void {
  listening.getStore()?.(text);
  store.setState({ toast: { kind: 'error', text, at: Date.now() }, error: { title: text, lines } });
}
