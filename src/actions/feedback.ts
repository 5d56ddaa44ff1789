import { AsyncLocalStorage } from 'node:async_hooks';
import { type Message, withMessage } from '../store/messages.ts';
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
  tell(store, 'info', text, []);
}

/** Tells a person of a failure; `lines` are what the error dialog shows besides. */
export function sayError(store: OcrStore, text: string, lines: readonly string[]): void {
  listening.getStore()?.(text);
  tell(store, 'error', text, lines);
  store.setState({ error: { title: text, lines } });
}

/** Says why a key does nothing now. */
export function sayHint(store: OcrStore, text: string): void {
  store.setState({ hint: { kind: 'hint', text, at: Date.now() } });
}

function tell(store: OcrStore, kind: Message['kind'], text: string, lines: readonly string[]): void {
  const toast = { kind, text, at: Date.now() };
  store.setState(({ messages }) => ({ toast, messages: withMessage(messages, { ...toast, lines }) }));
}
