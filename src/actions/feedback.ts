import { type Message, withMessage } from '../store/messages.ts';
import type { OcrStore } from '../store/store.ts';

/** Shows a message in a toast. */
export function say(store: OcrStore, text: string): void {
  post(store, 'info', text, []);
}

/** Reports a failure; the error dialog also shows `lines`. */
export function sayError(store: OcrStore, text: string, lines: readonly string[]): void {
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
