/** Bytes after which a string that never ends is given up. */
const MAX_SEQUENCE_BYTES = 1 << 20;

const [BEL, CAN, SUB, ESC] = [0x07, 0x18, 0x1a, 0x1b];
/** `[` begins a control sequence; `P`, `X`, `]`, `^` and `_` begin strings (ECMA-48, 8.3). */
const CSI = 0x5b;
const STRINGS: ReadonlySet<number> = new Set([0x50, 0x58, 0x5d, 0x5e, 0x5f]);

type State = 'ground' | 'escape' | 'sequence' | 'string' | 'string-escape' | 'character';

/**
 * The incomplete escape sequence or character at the end of an output stream: a reader that joins in the middle needs
 * it first.
 */
export class UnfinishedSequence {
  #state: State = 'ground';
  /** Bytes that a character still lacks. */
  #lacking = 0;
  #rest: Buffer[] = [];

  get bytes(): Buffer {
    return Buffer.concat(this.#rest);
  }

  get isEmpty(): boolean {
    return this.#state === 'ground';
  }

  push(chunk: Buffer): void {
    let start = 0;
    for (let at = 0; at < chunk.length; at += 1) {
      const before = this.#state;
      this.#step(chunk[at] ?? 0);
      const begins =
        this.#state !== 'ground' && (before === 'ground' || (this.#state === 'escape' && chunk[at] === ESC));
      if (begins) {
        start = at;
        this.#rest = [];
      }
    }
    if (this.#state === 'ground') this.#rest = [];
    else this.#rest.push(chunk.subarray(start));
    if (this.#rest.reduce((sum, { length }) => sum + length, 0) > MAX_SEQUENCE_BYTES) this.#rest = [];
  }

  #step(byte: number): void {
    if (this.#state === 'character') {
      if (byte >= 0x80 && byte < 0xc0) {
        this.#lacking -= 1;
        if (this.#lacking === 0) this.#state = 'ground';
        return;
      }
      this.#state = 'ground';
    }
    if (byte === CAN || byte === SUB) this.#state = 'ground';
    else if (this.#state === 'ground') this.#begin(byte);
    else if (byte === ESC) this.#state = this.#state === 'string' ? 'string-escape' : 'escape';
    else if (this.#state === 'string') this.#state = byte === BEL ? 'ground' : 'string';
    else if (this.#state === 'string-escape') this.#afterEscape(byte);
    else if (this.#state === 'escape') this.#afterEscape(byte);
    else if (byte >= 0x40 && byte < 0x7f) this.#state = 'ground';
  }

  #begin(byte: number): void {
    if (byte === ESC) this.#state = 'escape';
    else if (byte >= 0xc2 && byte < 0xf5) {
      this.#state = 'character';
      this.#lacking = byte < 0xe0 ? 1 : byte < 0xf0 ? 2 : 3;
    }
  }

  #afterEscape(byte: number): void {
    if (byte === CSI) this.#state = 'sequence';
    else if (STRINGS.has(byte)) this.#state = 'string';
    else if (byte >= 0x30 && byte < 0x7f) this.#state = 'ground';
    else this.#state = 'escape';
  }
}
