import type { IBuffer } from '@xterm/headless';
import { printable } from '../domain/printable.ts';
import type { TerminalSize } from '../transport/transport.ts';
import { createEmulator, type Emulator } from './emulator.ts';
import { paintBuffer, placeCursor } from './paint-buffer.ts';
import {
  BEGIN_FRAME,
  END_FRAME,
  ENTER_ALTERNATE_SCREEN,
  HIDE_CURSOR,
  LEAVE_ALTERNATE_SCREEN,
  PLAIN_SCREEN,
  RESET_TERMINAL,
  SET_PLAIN,
  SHOW_CURSOR,
} from './reset-terminal.ts';
import type { TerminalColours } from './terminal-colours.ts';
import { TerminalModes } from './terminal-modes.ts';

const EMPTY = Buffer.alloc(0);

/** A hidden terminal: keeps a program's screen, and answers the program's queries. */
export class KeptScreen {
  readonly #terminal: Emulator;
  readonly #modes: TerminalModes;
  /** For each unread chunk, oldest first: true if its queries are to be answered. */
  readonly #answering: boolean[] = [];
  #title = '';
  /** True if the terminal has one more row, below this screen, which is ocr's. */
  hasRowBelow = false;

  /** @param reply sends the terminal's own answers to the program */
  constructor(size: TerminalSize, colours: TerminalColours, reply: (answer: string) => void) {
    this.#terminal = createEmulator(size);
    const { parser } = this.#terminal;
    this.#modes = new TerminalModes(parser, () => this.alternate);
    const answer = (text: string) => {
      if (this.#answering[0] === true) reply(text);
    };
    this.#terminal.onData(answer);
    this.#terminal.onTitleChange((title) => {
      this.#title = title;
    });
    // Queries that xterm.js does not answer without a screen.
    parser.registerCsiHandler({ prefix: '?', final: 'u' }, () => {
      answer(`\u001b[?${this.#modes.keyboard.flags}u`);
      return true;
    });
    for (const number of [10, 11]) {
      parser.registerOscHandler(number, (text) => {
        const colour = text === '?' ? colours.answer(number) : null;
        if (colour !== null) answer(colour);
        return false;
      });
    }
  }

  /** True if the program uses the alternate screen, by the output parsed so far. */
  get alternate(): boolean {
    return this.#terminal.buffer.active.type === 'alternate';
  }

  /** Number of screen switches by the program in the output parsed so far. */
  get switches(): number {
    return this.#modes.screenSwitches;
  }

  /** Titles that the program pushed on the terminal's stack and has not popped, by the output parsed so far. */
  get titles(): number {
    return this.#modes.leftovers.titles;
  }

  /** True if the program wants focus reports. */
  get reportsFocus(): boolean {
    return this.#modes.reportsFocus;
  }

  /** Queues output for parsing. `answers`: true if this terminal answers its queries. Calls `read` when done. */
  write(chunk: Buffer, answers: boolean, read: () => void): void {
    this.#answering.push(answers);
    this.#terminal.write(chunk, () => {
      this.#answering.shift();
      read();
    });
  }

  resize({ columns, rows }: TerminalSize): void {
    this.#terminal.resize(columns, rows);
    this.#modes.resized();
  }

  /** Calls back when all is read that was written until now, and nothing that was written later. */
  whenRead(callback: () => void): void {
    this.write(EMPTY, false, callback);
  }

  /**
   * Returns the output that makes a terminal in its initial state, of the same size, look and behave like this one.
   * Always on the alternate screen.
   */
  get restoring(): string {
    const { cols, rows, buffer } = this.#terminal;
    const title = this.#title === '' ? '' : `\u001b]2;${printable(this.#title)}\u0007`;
    return [
      BEGIN_FRAME,
      this.#modes.keyboardBelow?.restoring ?? '',
      ENTER_ALTERNATE_SCREEN,
      PLAIN_SCREEN,
      paintBuffer(buffer.active, cols, rows),
      '\u001b[0m',
      title,
      '\u001b[?25h',
      this.#modes.restoring,
      this.#marginsAbove,
      placeCursor(buffer.active, cols),
      `\u001b[0m${this.#modes.pen.sequence}`,
      END_FRAME,
    ].join('');
  }

  /** True if the screen has any text, as of the output parsed so far. */
  get hasText(): boolean {
    const { active } = this.#terminal.buffer;
    for (let row = 0; row < active.length; row += 1) {
      if (active.getLine(row)?.translateToString(true).trim()) return true;
    }
    return false;
  }

  /** False while the program is in the middle of a frame, or counts rows from its margins: then nothing can be painted. */
  get isPaintable(): boolean {
    return !this.#modes.isPositionRelative && !this.#modes.isInFrame;
  }

  /** Grows with everything that may have changed the margins of a terminal. */
  get marginChanges(): number {
    return this.#modes.marginChanges;
  }

  /**
   * Paints a line over the last row of a terminal that shows this screen, or in the row below it, and leaves everything else as the program expects it.
   * Returns `null` while nothing can be painted.
   */
  covering(line: string): string | null {
    if (!this.isPaintable) return null;
    const row = this.#terminal.rows + (this.hasRowBelow ? 1 : 0);
    return `${BEGIN_FRAME + SET_PLAIN}\u001b[${row};1H\u001b[2K${line}${this.#marginsAbove}${this.#resuming}${END_FRAME}`;
  }

  /** Repaints the whole screen on a terminal that shows it except for our line. `null` as above. */
  get repainting(): string | null {
    if (!this.isPaintable) return null;
    const { cols, rows, buffer } = this.#terminal;
    const painted = paintBuffer(buffer.active, cols, rows);
    return `${BEGIN_FRAME}${SET_PLAIN}\u001b[H\u001b[2J${painted}${this.#marginsAbove}${this.#resuming}${this.#modes.showsCursor ? SHOW_CURSOR : HIDE_CURSOR}${END_FRAME}`;
  }

  /** True if the upper rows of a terminal show this screen: its texts, and with `colours` their looks. */
  isShownBy(shown: IBuffer, colours: boolean): boolean {
    const { cols, rows, buffer } = this.#terminal;
    if (colours) return paintBuffer(shown, cols, rows) === paintBuffer(buffer.active, cols, rows);
    for (let row = 0; row < rows; row += 1) {
      const [here, there] = [buffer.active, shown].map((of) => of.getLine(of.baseY + row)?.translateToString(true));
      if (here?.trimEnd() !== there?.trimEnd()) return false;
    }
    return true;
  }

  /** True if a terminal's cursor is where the program expects it. */
  hasCursorOf({ cursorX, cursorY }: IBuffer): boolean {
    const { active } = this.#terminal.buffer;
    return active.cursorX === cursorX && active.cursorY === cursorY;
  }

  /** Keeps a longer terminal from scrolling below this screen; empty for one of the same size. Moves the cursor. */
  get #marginsAbove(): string {
    return this.hasRowBelow ? this.#modes.marginsAbove(this.#terminal.rows) : '';
  }

  /** Restores the program's cursor position and style. */
  get #resuming(): string {
    return `${placeCursor(this.#terminal.buffer.active, this.#terminal.cols)}${SET_PLAIN}${this.#modes.pen.sequence}`;
  }

  /**
   * Returns the output that restores a terminal showing this screen. `alternate`: true if it does so on the alternate
   * screen.
   */
  undoing(alternate: boolean): string {
    // Margins are the same on both screens. To set them moves the cursor.
    const margins = alternate ? '\u001b[r' : '\u001b7\u001b[r\u001b8';
    return [
      this.#modes.undoing,
      this.hasRowBelow ? margins : '',
      RESET_TERMINAL,
      alternate ? LEAVE_ALTERNATE_SCREEN : '',
      this.#modes.keyboardBelow?.undoing ?? '',
    ].join('');
  }

  /** Returns the lines of the screen, without empty ones. */
  get lines(): string[] {
    const { active } = this.#terminal.buffer;
    const lines: string[] = [];
    for (let row = 0; row < active.length; row += 1) {
      const text = printable(active.getLine(row)?.translateToString(true) ?? '').trimEnd();
      if (text !== '') lines.push(text);
    }
    return lines;
  }

  dispose(): void {
    this.#terminal.dispose();
  }
}
