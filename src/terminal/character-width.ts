import type { IUnicodeVersionProvider } from '@xterm/headless';
import { textWidth } from '../domain/text-width.ts';

const NAME = 'ocr';
/** Size of the cache of widths; it is cleared when full. */
const MAX_CACHED_WIDTHS = 10_000;

/**
 * Returns the columns of a character by the Unicode version that the rest of the program uses: xterm.js's own, of
 * Unicode 6, takes most emoji for narrow. The numbers are those of its UnicodeService: the width in bits 1 and 2, and
 * in bit 0 whether it joins the one before.
 */
export class CharacterWidths implements IUnicodeVersionProvider {
  readonly version = NAME;
  readonly #known = new Map<number, 0 | 1 | 2>();

  wcwidth(codepoint: number): 0 | 1 | 2 {
    if (codepoint >= 0x20 && codepoint < 0x7f) return 1;
    const known = this.#known.get(codepoint);
    if (known !== undefined) return known;
    if (this.#known.size >= MAX_CACHED_WIDTHS) this.#known.clear();
    const width = codepoint < 0xa0 ? 0 : textWidth(String.fromCodePoint(codepoint));
    const limited = width >= 2 ? 2 : width === 1 ? 1 : 0;
    this.#known.set(codepoint, limited);
    return limited;
  }

  charProperties(codepoint: number, preceding: number): number {
    const own = this.wcwidth(codepoint);
    const before = (preceding >> 1) & 3;
    const joins = own === 0 && preceding !== 0 && before !== 0;
    return ((joins ? Math.max(own, before) : own) << 1) | (joins ? 1 : 0);
  }
}
