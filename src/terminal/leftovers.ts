import type { IParser } from '@xterm/headless';

type Params = readonly (number | readonly number[])[];
type FunctionId = { readonly prefix?: string; readonly intermediates?: string; readonly final: string };

/** OSC settings by number (xterm's ctlseqs): colours of text, background, cursor, pointer and selection, the pointer's shape, a hyperlink. */
const OSC_UNDO: ReadonlyMap<number, string> = new Map([
  ...[10, 11, 12, 13, 14, 15, 16, 17, 18, 19].map((number): [number, string] => [number, String(number + 100)]),
  [22, '22;'],
  [8, '8;;'],
]);
/** OSC settings of many entries each: the palette and special colours. */
const PALETTES: readonly number[] = [4, 5];

/** Settings that affect where output goes or how it is decoded: undone first, since all else depends on them. */
const FIRST: readonly (readonly [FunctionId, string])[] = [
  // DECSASD: text goes to the status line. Media copy: all of it goes to the printer, or each line does too.
  [{ intermediates: '$', final: '}' }, '\u001b[0$}'],
  [{ final: 'i' }, '\u001b[4i'],
  [{ prefix: '?', final: 'i' }, '\u001b[?4i'],
  // DECSCL: an older terminal, which knows less. DECSSDT: a status line.
  [{ intermediates: '"', final: 'p' }, '\u001b[64;1"p'],
  [{ intermediates: '$', final: '~' }, '\u001b[0$~'],
];
/**
 * DECSCA: characters that are not erased. XTSMPOINTER: a hidden pointer. TBC: tab stops, of which DECST8C sets the
 * usual ones.
 */
const LAST: readonly (readonly [FunctionId, string])[] = [
  [{ intermediates: '"', final: 'q' }, '\u001b[0"q'],
  [{ prefix: '>', final: 'p' }, '\u001b[>1p'],
  [{ final: 'g' }, '\u001b[?5W'],
];
/** XTMODKEYS and XTFMTKEYS: settings of the keyboard by number; without a value they are the usual ones again. */
const KEYBOARD_FINALS = ['m', 'f'] as const;
/** The charsets G0 to G3, each with its designator (ECMA-35). */
const CHARSETS = ['(', ')', '*', '+'] as const;
const ASCII = 'B';

/** Tracks what a program leaves on a terminal besides modes: each with the text that undoes it, and some with the text that sets it again. */
export class Leftovers {
  readonly #settings = new Map<string, { readonly set: string; readonly undo: string }>();
  readonly #first = new Set<string>();
  readonly #last = new Set<string>();
  #titles = 0;

  constructor(parser: IParser) {
    const csi = (id: FunctionId, listener: (params: Params) => void) =>
      parser.registerCsiHandler(id, (params) => {
        listener(params);
        return false;
      });
    for (const [id, undo] of FIRST) csi(id, () => this.#first.add(undo));
    for (const [id, undo] of LAST) csi(id, () => this.#last.add(undo));
    for (const final of KEYBOARD_FINALS) {
      csi({ prefix: '>', final }, ([resource = 0]) => this.#last.add(`\u001b[>${String(resource)}${final}`));
    }
    csi({ final: 't' }, ([operation]) => {
      if (operation === 22) this.#titles += 1;
      if (operation === 23) this.#titles -= 1;
    });
    for (const [number, undo] of OSC_UNDO) this.#listenToSetting(parser, number, undo);
    for (const number of PALETTES) this.#listenToPalette(parser, number);
    // The progress bar that ConEmu and others show outside of the screen.
    parser.registerOscHandler(9, (text) => {
      if (text.startsWith('4;')) this.#last.add('\u001b]9;4;0\u0007');
      return false;
    });
    // A switch away from UTF-8 (ECMA-35, 15.4).
    parser.registerEscHandler({ intermediates: '%', final: '@' }, () => {
      this.#first.add('\u001b%G');
      return false;
    });
  }

  /** Returns the text that applies the settings again. */
  get restoring(): string {
    return [...this.#settings.values()].map(({ set }) => set).join('');
  }

  /** Returns the text that must precede all other undoing. */
  get undoingFirst(): string {
    return [...this.#first].join('');
  }

  get undoing(): string {
    return [
      ...[...this.#settings.values()].map(({ undo }) => undo),
      ...this.#last,
      ...CHARSETS.map((charset) => `\u001b${charset}${ASCII}`),
    ].join('');
  }

  /** Titles pushed on the terminal's stack by the program, less those it has popped. */
  get titles(): number {
    return this.#titles;
  }

  reset(): void {
    this.#settings.clear();
  }

  #listenToSetting(parser: IParser, number: number, undo: string): void {
    parser.registerOscHandler(number, (text) => {
      const isLinkEnd = number === 8 && /^[^;]*;$/.test(text);
      if (isLinkEnd) this.#settings.delete('8');
      // One sequence may set several dynamic colours, the next number each.
      else if (number < 10 || number > 19) this.#put(number, text, undo);
      else
        for (const [at, value] of text.split(';').entries()) {
          if (value !== '?' && value !== '') this.#put(number + at, value, String(number + at + 100));
        }
      return false;
    });
    if (number >= 10 && number <= 19)
      parser.registerOscHandler(Number(undo), () => !this.#settings.delete(String(number)) && false);
  }

  #put(number: number, text: string, undo: string): void {
    this.#settings.set(String(number), { set: `\u001b]${number};${text}\u0007`, undo: `\u001b]${undo}\u0007` });
  }

  #listenToPalette(parser: IParser, number: number): void {
    const keyOf = (index: string | undefined) => `${number};${index}`;
    parser.registerOscHandler(number, (text) => {
      const parts = text.split(';');
      for (let at = 0; at + 1 < parts.length; at += 2) {
        const [index, colour] = [parts[at], parts[at + 1]];
        if (colour === '?') continue;
        this.#settings.set(keyOf(index), {
          set: `\u001b]${number};${index};${colour}\u0007`,
          undo: `\u001b]${number + 100};${index}\u0007`,
        });
      }
      return false;
    });
    parser.registerOscHandler(number + 100, (text) => {
      for (const key of [...this.#settings.keys()]) {
        if (text === '' ? key.startsWith(keyOf('')) : text.split(';').some((index) => key === keyOf(index)))
          this.#settings.delete(key);
      }
      return false;
    });
  }
}
