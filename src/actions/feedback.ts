import { AsyncLocalStorage } from 'node:async_hooks';
import { type Message, withMessage } from '../store/messages.ts';
import type { OcrStore } from '../store/store.ts';

const listening = new AsyncLocalStorage<(text: string) => void>();

/**
 * Runs `work`, and passes the messages that it shows to the user to `hear`, in their logged form. Ignores messages of
 * concurrent work.
 */
export function hearing(hear: (text: string) => void, work: () => Promise<void>): Promise<void> {
  return listening.run(hear, work);
}

/**
 * Shows a message in a toast.
 *
 * @param logged replaces it in the log, if the log must not have all of it
 */
export function say(store: OcrStore, text: string, logged = text): void {
  listening.getStore()?.(logged);
  post(store, 'info', text, []);
}

/** Reports a failure; the error dialog also shows `lines`. */
export function sayError(store: OcrStore, text: string, lines: readonly string[]): void {
  listening.getStore()?.(text);
  post(store, 'error', text, lines);
  store.setState({ error: { title: text, lines } });
}

/** Shows why a key does nothing now. */
export function sayHint(store: OcrStore, text: string): void {
  store.setState({ hint: { kind: 'hint', text, at: Date.now() } });
}

function post(store: OcrStore, kind: Message['kind'], text: string, lines: readonly string[]): void {
  const toast = { kind, text, at: Date.now() };
  store.setState(({ messages }) => ({ toast, messages: withMessage(messages, { ...toast, lines }) }));
}
