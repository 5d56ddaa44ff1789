import type { Key } from 'ink';

/** Milliseconds in which the rest of a key comes that was cut in two on its way; nobody types as fast. */
const REST_MS = 100;
const BEGINNING = /^[[O][\d;]*$/;
const WHOLE = /^[[O][\d;]*[A-Za-z~]$/;
const MORE = /^[\d;]+$/;
const END = /^[\d;]*[A-Za-z~]$/;

/**
 * Finds the rest of an arrow or function key whose bytes came in two reads. Ink waits 20 ms for it, then takes what has come for keys of
 * its own: the end of `up` would be an `A`, which archives.
 */
export class BrokenSequence {
  #begun: 'nothing' | 'escape' | 'sequence' = 'nothing';
  #at = Number.NEGATIVE_INFINITY;

  /** True for what is no key, but the rest of one. */
  isRest(input: string, key: Pick<Key, 'escape' | 'meta'>, now: number): boolean {
    const isPrompt = now - this.#at < REST_MS;
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
    return false;
  }
}
