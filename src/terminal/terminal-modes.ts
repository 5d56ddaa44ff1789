import type { IParser } from '@xterm/headless';
import { KittyKeyboard } from './kitty-keyboard.ts';
import { Pen } from './pen.ts';

/**
 * DEC's private modes that are not put back: which screen is used (that is known otherwise), the number of columns, and output that is held back,
 * which ends with the frame that it is for.
 */
const NOT_KEPT: ReadonlySet<number> = new Set([3, 40, 47, 1047, 1048, 1049, 2026]);
/** Those that are on at first: wrapping at the end of a line, and the cursor. */
const ON_AT_FIRST: ReadonlySet<number> = new Set([7, 25]);
/** Colours and the pointer (xterm's OSC) that a program may set, each by what takes it back. */
const SETTINGS: ReadonlyMap<number, string> = new Map([
  [10, '110'],
  [11, '111'],
  [12, '112'],
  [22, '22;'],
]);

type Params = (number | number[])[];

/** What a program has set of a terminal besides what is on its screen. It listens to what the headless terminal reads; that does its own work besides. */
export class TerminalModes {
  readonly pen = new Pen();
  readonly #isAlternate: () => boolean;
  readonly #private = new Map<number, boolean>();
  readonly #ansi = new Map<number, boolean>();
  readonly #keyboards = { normal: new KittyKeyboard(), alternate: new KittyKeyboard() };
  readonly #settings = new Map<number, string>();
  #keypad = false;
  /** Of the lines that scroll, as the program gave it. */
  #margins: string | null = null;
  #cursorStyle: string | null = null;
  #otherKeys: string | null = null;

  constructor(parser: IParser, isAlternate: () => boolean) {
    this.#isAlternate = isAlternate;
    const csi = (id: { prefix?: string; intermediates?: string; final: string }, listener: (params: Params) => void) =>
      parser.registerCsiHandler(id, (params) => {
        listener(params);
        return false;
      });
    const switchModes = (modes: Map<number, boolean>, on: boolean) => (params: Params) => {
      for (const mode of params) if (typeof mode === 'number') modes.set(mode, on);
    };
    csi({ prefix: '?', final: 'h' }, switchModes(this.#private, true));
    csi({ prefix: '?', final: 'l' }, switchModes(this.#private, false));
    csi({ final: 'h' }, switchModes(this.#ansi, true));
    csi({ final: 'l' }, switchModes(this.#ansi, false));
    csi({ final: 'm' }, (params) => this.pen.apply(params));
    csi({ final: 'r' }, (params) => {
      this.#margins = params.length < 2 ? null : params.join(';');
    });
    csi({ intermediates: ' ', final: 'q' }, ([style]) => {
      this.#cursorStyle = String(style ?? 0);
    });
    csi({ prefix: '>', final: 'm' }, ([resource, value]) => {
      if (resource === 4) this.#otherKeys = value === undefined ? null : String(value);
    });
    csi({ prefix: '>', final: 'u' }, ([flags]) => this.keyboard.push(numberOf(flags, 0)));
    csi({ prefix: '<', final: 'u' }, ([number]) => this.keyboard.pop(Math.max(1, numberOf(number, 1))));
    csi({ prefix: '=', final: 'u' }, ([flags, mode]) => this.keyboard.set(numberOf(flags, 0), numberOf(mode, 1)));
    csi({ intermediates: '!', final: 'p' }, () => this.#softReset());
    const esc = (final: string, listener: () => void) =>
      parser.registerEscHandler({ final }, () => {
        listener();
        return false;
      });
    esc('=', () => {
      this.#keypad = true;
    });
    esc('>', () => {
      this.#keypad = false;
    });
    esc('c', () => this.#reset());
    for (const [number, undo] of SETTINGS) {
      parser.registerOscHandler(number, (text) => {
        if (!text.startsWith('?')) this.#settings.set(number, text);
        return false;
      });
      if (undo !== '22;') parser.registerOscHandler(Number(undo), () => !this.#settings.delete(number) && false);
    }
  }

  /** That of the screen that is in use. */
  get keyboard(): KittyKeyboard {
    return this.#keyboards[this.#isAlternate() ? 'alternate' : 'normal'];
  }

  /** That of the usual screen while the alternate one is in use: a terminal remembers it meanwhile. */
  get keyboardBelow(): KittyKeyboard | null {
    return this.#isAlternate() ? this.#keyboards.normal : null;
  }

  /** Does the program want to know whether somebody looks? */
  get reportsFocus(): boolean {
    return this.#private.get(1004) === true;
  }

  /** True while the program holds its output back until a frame is complete. */
  get isInFrame(): boolean {
    return this.#private.get(2026) === true;
  }

  /** True while rows are counted from the first one that scrolls (DECOM). */
  get isPositionRelative(): boolean {
    return this.#private.get(6) === true;
  }

  get showsCursor(): boolean {
    return this.#private.get(25) !== false;
  }

  /** A change of size makes all lines scroll again. */
  resized(): void {
    this.#margins = null;
  }

  /** Sets all of it on a terminal where nothing is set. The cursor is somewhere else then. */
  get restoring(): string {
    return [
      this.#margins === null ? '' : `\u001b[${this.#margins}r`,
      ...this.#changed(this.#private, ON_AT_FIRST).map(([mode, on]) => `\u001b[?${mode}${on ? 'h' : 'l'}`),
      ...this.#changed(this.#ansi, new Set()).map(([mode]) => `\u001b[${mode}h`),
      this.#keypad ? '\u001b=' : '',
      this.#otherKeys === null ? '' : `\u001b[>4;${this.#otherKeys}m`,
      this.keyboard.restoring,
      this.#cursorStyle === null ? '' : `\u001b[${this.#cursorStyle} q`,
      ...[...this.#settings].map(([number, text]) => `\u001b]${number};${text}\u0007`),
    ].join('');
  }

  /** Takes all of it back, while the same screen is in use. */
  get undoing(): string {
    return [
      ...this.#changed(this.#private, ON_AT_FIRST).map(([mode, on]) => `\u001b[?${mode}${on ? 'l' : 'h'}`),
      ...this.#changed(this.#ansi, new Set()).map(([mode]) => `\u001b[${mode}l`),
      this.#margins === null ? '' : '\u001b[r',
      this.#keypad ? '\u001b>' : '',
      this.keyboard.undoing,
      this.#cursorStyle === null ? '' : '\u001b[0 q',
      ...[...this.#settings.keys()].map((number) => `\u001b]${SETTINGS.get(number)}\u0007`),
    ].join('');
  }

  #changed(modes: ReadonlyMap<number, boolean>, onAtFirst: ReadonlySet<number>): [number, boolean][] {
    return [...modes].filter(([mode, on]) => !NOT_KEPT.has(mode) && on !== onAtFirst.has(mode));
  }

  /** DECSTR (VT510): what could make a terminal unusable. */
  #softReset(): void {
    for (const mode of [1, 6, 7, 25, 66]) this.#private.delete(mode);
    this.#ansi.delete(4);
    this.#margins = null;
    this.#keypad = false;
    this.pen.reset();
  }

  /** RIS (ECMA-48): everything. */
  #reset(): void {
    this.#softReset();
    this.#private.clear();
    this.#ansi.clear();
    this.#settings.clear();
    this.#keyboards.normal.reset();
    this.#keyboards.alternate.reset();
    this.#cursorStyle = null;
    this.#otherKeys = null;
  }
}

function numberOf(param: number | number[] | undefined, otherwise: number): number {
  return typeof param === 'number' ? param : otherwise;
}
