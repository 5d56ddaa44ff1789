import type { Key } from 'ink';

/** Time for the rest of a split key to arrive; no user types that fast. */
const REST_TIMEOUT_MS = 100;
const BEGINNING = /^[[O][\d;]*$/;
const WHOLE = /^[[O][\d;]*[A-Za-z~]$/;
const MORE = /^[\d;]+$/;
const END = /^[\d;]*[A-Za-z~]$/;

/**
 * Finds the rest of an arrow or function key whose bytes came in two reads. Ink waits 20 ms for the rest, then takes
 * the bytes as separate keys: the end of `up` would be an `A`, which archives.
 */
export class BrokenSequence {
  #begun: 'nothing' | 'escape' | 'sequence' = 'nothing';
  #at = Number.NEGATIVE_INFINITY;

  /** True for the rest of a split key, and for a beginning that is more than a bracket: its digits would be keys. */
  isRest(input: string, key: Pick<Key, 'escape' | 'meta'> & Partial<Pick<Key, 'ctrl'>>, now: number): boolean {
    // The rest of a key is text; with ctrl it is a key of its own.
    if (key.ctrl) return false;
    const isPrompt = now - this.#at < REST_TIMEOUT_MS;
    const begun = isPrompt ? this.#begun : 'nothing';
    this.#at = now;
    if (begun === 'escape' && (BEGINNING.test(input) || WHOLE.test(input))) {
      this.#begun = WHOLE.test(input) ? 'nothing' : 'sequence';
      return true;
    }
    if (begun === 'sequence' && (MORE.test(input) || END.test(input))) {
      this.#begun = END.test(input) ? 'nothing' : 'sequence';
      return true;
    }
    const isCut = input.startsWith('[') ? BEGINNING.test(input) : input === 'O' && key.meta;
    this.#begun = key.escape ? 'escape' : isCut ? 'sequence' : 'nothing';
    return isCut && input.length > 1;
  }
}
