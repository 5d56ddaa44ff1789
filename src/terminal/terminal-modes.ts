import type { IParser } from '@xterm/headless';
import { KittyKeyboard } from './kitty-keyboard.ts';
import { Leftovers } from './leftovers.ts';
import { Pen } from './pen.ts';

/**
 * DEC's private modes that are not restored: the current screen (tracked elsewhere), the number of columns, and
 * held-back output, which ends with its frame.
 */
const NOT_KEPT: ReadonlySet<number> = new Set([3, 40, 47, 1047, 1048, 1049, 2026]);
/** Modes that choose between the normal and the alternate screen. */
const SCREEN_MODES: ReadonlySet<number> = new Set([47, 1047, 1049]);
/** Modes that are on at first: control sequences at all (DECANM), line wrap, and the cursor. */
const ON_AT_FIRST: ReadonlySet<number> = new Set([2, 7, 25]);
/** The mode of ECMA-48 that is on at first: no local echo (SRM). */
const ANSI_ON_AT_FIRST: ReadonlySet<number> = new Set([12]);
/** Leaves VT52 mode, in which a terminal understands no other control sequence. */
const LEAVE_VT52 = '\u001b<';
/** Modes for 80 or 132 columns (DECCOLM), and for permission to switch. */
const [COLUMNS_132, ALLOW_132] = [3, 40];
type Params = (number | number[])[];

/** Tracks the modes that a program sets on a terminal. Only observes what the headless terminal reads. */
export class TerminalModes {
  readonly pen = new Pen();
  readonly leftovers: Leftovers;
  readonly #isAlternate: () => boolean;
  readonly #private = new Map<number, boolean>();
  readonly #ansi = new Map<number, boolean>();
  readonly #keyboards = { normal: new KittyKeyboard(), alternate: new KittyKeyboard() };
  #keypad = false;
  #screenSwitches = 0;
  #marginChanges = 0;
  /** The scrolling margins, as the program set them. */
  #margins: string | null = null;
  #cursorStyle: string | null = null;
  #otherKeys: string | null = null;

  constructor(parser: IParser, isAlternate: () => boolean) {
    this.#isAlternate = isAlternate;
    this.leftovers = new Leftovers(parser);
    const csi = (id: { prefix?: string; intermediates?: string; final: string }, listener: (params: Params) => void) =>
      parser.registerCsiHandler(id, (params) => {
        listener(params);
        return false;
      });
    const switchModes = (modes: Map<number, boolean>, on: boolean) => (params: Params) => {
      for (const mode of params) {
        if (typeof mode !== 'number') continue;
        modes.set(mode, on);
        if (modes !== this.#private || !SCREEN_MODES.has(mode)) continue;
        this.#screenSwitches += 1;
        this.#marginChanges += 1;
      }
    };
    csi({ prefix: '?', final: 'h' }, switchModes(this.#private, true));
    csi({ prefix: '?', final: 'l' }, switchModes(this.#private, false));
    csi({ final: 'h' }, switchModes(this.#ansi, true));
    csi({ final: 'l' }, switchModes(this.#ansi, false));
    csi({ final: 'm' }, (params) => this.pen.apply(params));
    csi({ final: 'r' }, (params) => {
      this.#margins = params.some((param) => numberOf(param, 0) > 0) ? params.join(';') : null;
      this.#marginChanges += 1;
    });
    // DECALN.
    parser.registerEscHandler({ intermediates: '#', final: '8' }, () => {
      this.#marginChanges += 1;
      return false;
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
  }

  /** The keyboard of the current screen. */
  get keyboard(): KittyKeyboard {
    return this.#keyboards[this.#isAlternate() ? 'alternate' : 'normal'];
  }

  /** The keyboard of the normal screen while the alternate one is in use: terminals keep it meanwhile. */
  get keyboardBelow(): KittyKeyboard | null {
    return this.#isAlternate() ? this.#keyboards.normal : null;
  }

  /** Number of screen switches by the program in the output parsed so far. */
  get screenSwitches(): number {
    return this.#screenSwitches;
  }

  /** Grows with everything that may have changed the margins of a terminal. */
  get marginChanges(): number {
    return this.#marginChanges;
  }

  /** Returns the margins for a terminal with more rows than the program's screen, so that nothing scrolls below it. */
  marginsAbove(rows: number): string {
    const [top = 1, bottom = rows] = (this.#margins ?? '').split(';').filter(Boolean).map(Number);
    const last = Math.min(bottom === 0 ? rows : bottom, rows);
    return top < last ? `\u001b[${Math.max(1, top)};${last}r` : `\u001b[1;${rows}r`;
  }

  /** True if the program wants focus reports. */
  get reportsFocus(): boolean {
    return this.#private.get(1004) === true;
  }

  /** True while the program holds back its output until a frame is complete. */
  get isInFrame(): boolean {
    return this.#private.get(2026) === true;
  }

  /** True while rows are counted from the top margin (DECOM). */
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

  /** Sets all modes on a terminal in its initial state. Moves the cursor. */
  get restoring(): string {
    return [
      this.#margins === null ? '' : `\u001b[${this.#margins}r`,
      ...this.#changed(this.#private, ON_AT_FIRST).map(([mode, on]) => `\u001b[?${mode}${on ? 'h' : 'l'}`),
      ...this.#changed(this.#ansi, ANSI_ON_AT_FIRST).map(([mode, on]) => `\u001b[${mode}${on ? 'h' : 'l'}`),
      this.#keypad ? '\u001b=' : '',
      this.#otherKeys === null ? '' : `\u001b[>4;${this.#otherKeys}m`,
      this.keyboard.restoring,
      this.#cursorStyle === null ? '' : `\u001b[${this.#cursorStyle} q`,
      this.leftovers.restoring,
    ].join('');
  }

  /** Takes all of it back, while the same screen is in use. */
  get undoing(): string {
    return [
      this.#private.get(2) === false ? LEAVE_VT52 : '',
      this.leftovers.undoingFirst,
      ...this.#changed(this.#private, ON_AT_FIRST).map(([mode, on]) => `\u001b[?${mode}${on ? 'l' : 'h'}`),
      ...this.#changed(this.#ansi, ANSI_ON_AT_FIRST).map(([mode, on]) => `\u001b[${mode}${on ? 'l' : 'h'}`),
      ...[COLUMNS_132, ALLOW_132].map((mode) => (this.#private.get(mode) === true ? `\u001b[?${mode}l` : '')),
      this.#margins === null ? '' : '\u001b[r',
      this.#keypad ? '\u001b>' : '',
      this.keyboard.undoing,
      this.#cursorStyle === null ? '' : '\u001b[0 q',
      this.leftovers.undoing,
    ].join('');
  }

  #changed(modes: ReadonlyMap<number, boolean>, onAtFirst: ReadonlySet<number>): [number, boolean][] {
    return [...modes].filter(([mode, on]) => !NOT_KEPT.has(mode) && on !== onAtFirst.has(mode));
  }

  /** DECSTR (VT510): resets modes that could make a terminal unusable. */
  #softReset(): void {
    for (const mode of [1, 6, 7, 25, 66]) this.#private.delete(mode);
    this.#ansi.delete(4);
    this.#margins = null;
    this.#marginChanges += 1;
    this.#keypad = false;
    this.pen.reset();
  }

  /** RIS (ECMA-48): everything. */
  #reset(): void {
    this.#softReset();
    this.#private.clear();
    this.#ansi.clear();
    this.leftovers.reset();
    this.#keyboards.normal.reset();
    this.#keyboards.alternate.reset();
    this.#cursorStyle = null;
    this.#otherKeys = null;
  }
}

function numberOf(param: number | number[] | undefined, otherwise: number): number {
  return typeof param === 'number' ? param : otherwise;
}
