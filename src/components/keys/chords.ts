import type { OcrStore } from '../../store/store.ts';
import type { Binding, BindingContext, Mode } from './binding.ts';
import { findBinding, findChords } from './dispatch.ts';

export interface ChordOptions {
  readonly bindings: readonly Binding[];
  /** Milliseconds that a key with an action of its own waits for the rest of a chord; 0: it does not wait. */
  readonly chordWait: number;
}

/** Milliseconds after which the keys that may follow are shown. */
const BOX_DELAY_MS = 150;

/**
 * Puts the keys of chords together. A key that begins a chord and has an action of its own waits for a moment; one
 * without waits until the next key. Esc gives up, Enter does not wait any longer.
 */
export class Chords {
  readonly #store: OcrStore;
  #box: NodeJS.Timeout | undefined;
  #wait: NodeJS.Timeout | undefined;

  constructor(store: OcrStore) {
    this.#store = store;
  }

  /**
   * Returns the binding to perform; `waits` while the chord is not complete; a text if the keys mean nothing; `null` for
   * a key without a binding. `around` is called at the end of the wait too.
   */
  press(
    keyName: string,
    mode: Mode,
    around: () => BindingContext,
    options: ChordOptions & { readonly perform?: (binding: Binding) => void },
  ): Binding | 'waits' | string | null {
    const before = this.#store.getState().chord;
    this.#end();
    const { bindings } = options;
    if (before === null) return this.#begin(keyName, mode, around, options);
    if (keyName === 'esc') return 'waits';
    const own = findBinding(bindings, mode, before.keys, around());
    if (keyName === 'enter') return own?.binding ?? `${before.keys} does nothing by itself`;
    const keys = `${before.keys} ${keyName}`;
    return this.#begin(keys, mode, around, options) ?? `${keys.replaceAll(' ', '')} does nothing`;
  }

  #begin(
    keys: string,
    mode: Mode,
    around: () => BindingContext,
    { bindings, chordWait, perform }: ChordOptions & { readonly perform?: (binding: Binding) => void },
  ): Binding | 'waits' | null {
    const context = around();
    const own = findBinding(bindings, mode, keys, context);
    const hasMore = findChords(bindings, mode, keys, context).length > 0;
    if (!hasMore || (own !== null && chordWait === 0)) return own?.binding ?? null;
    this.#store.setState({ chord: { keys, isShown: false } });
    this.#box = setTimeout(() => {
      this.#store.setState(({ chord }) => (chord === null ? {} : { chord: { ...chord, isShown: true } }));
    }, BOX_DELAY_MS);
    if (own === null) return 'waits';
    const before = this.#store.getState();
    this.#wait = setTimeout(() => {
      this.#end();
      // A dialog that has opened, or another row, was not meant.
      const now = this.#store.getState();
      const isSame = now.selected === before.selected && now.modal === before.modal && now.dialog === before.dialog;
      if (isSame && Date.now() >= now.keysFrom) perform?.(own.binding);
    }, chordWait);
    return 'waits';
  }

  /** Gives up what is waiting. */
  close(): void {
    this.#end();
  }

  #end(): void {
    clearTimeout(this.#box);
    clearTimeout(this.#wait);
    if (this.#store.getState().chord !== null) this.#store.setState({ chord: null });
  }
}
