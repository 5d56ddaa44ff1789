import type { OcrStore } from '../store/store.ts';

/** Tells a person something in a toast. */
export function say(store: OcrStore, text: string): void {
  store.setState({ toast: { kind: 'info', text, at: Date.now() } });
}

/** Tells a person of a failure; `lines` are what the error dialog shows besides. */
export function sayError(store: OcrStore, text: string, lines: readonly string[]): void {
  store.setState({ toast: { kind: 'error', text, at: Date.now() }, error: { title: text, lines } });
}
