import type { EventEmitter } from 'node:events';
import type { PaintedScreen, ScreenRequest, ScreenTarget, TerminalSize } from '../domain/painted-screen.ts';
import { MOUSE_OFF, MOUSE_ON } from './mouse-reports.ts';
import {
  BEGIN_FRAME,
  END_FRAME,
  ENTER_ALTERNATE_SCREEN,
  HIDE_CURSOR,
  LEAVE_ALTERNATE_SCREEN,
  RESET_TERMINAL,
  SHOW_CURSOR,
} from './reset-terminal.ts';
import { changeOfRow, withoutBlanks } from './row-change.ts';

/** Milliseconds between two frames: a key pressed right after a frame waits no longer than this for its own. */
const FRAME_INTERVAL_MS = 8;
/** Milliseconds after which a frame paints all rows: what another program has written there does not stay. */
const FULL_INTERVAL_MS = 30_000;
/** Pasted text arrives between marks (xterm's control sequences). */
const [BRACKETED_PASTE_ON, BRACKETED_PASTE_OFF] = ['\u001b[?2004h', '\u001b[?2004l'];
/** A line that is wider than the terminal is cut while a frame is written: wrapped, it would scroll the screen (DECAWM). */
const [WRAP_OFF, WRAP_ON] = ['\u001b[?7l', '\u001b[?7h'];
/** A row is erased before it is written: a terminal may find the text narrower than we do. */
const [ERASE_LINE, ERASE_BELOW] = ['\u001b[K', '\u001b[J'];
/** Size of a terminal that reports none. */
const USUAL_SIZE: TerminalSize = { columns: 80, rows: 24 };

/** The part of a terminal's output that is used. */
export interface OutputTerminal extends Pick<EventEmitter, 'on' | 'off'> {
  readonly columns?: number | undefined;
  readonly rows?: number | undefined;
  write(text: string): unknown;
}

/**
 * Paints screens on the alternate screen of a terminal: only the rows that changed, each frame in one write. What others write between two frames, such as
 * a bell, is not mixed with one.
 */
export class ScreenOutput implements ScreenTarget {
  readonly #terminal: OutputTerminal;
  readonly #onFailure: (error: unknown) => void;
  readonly #clock: () => number;
  readonly #resizeListeners = new Set<() => void>();
  readonly #onResize = () => this.#resized();
  #isOpen = false;
  #isClosed = false;
  /** True if the terminal is to report the mouse while it is ours. */
  #reportsMouse = false;
  /** How many callers have lent the terminal to another program. */
  #lent = 0;
  /** Kept after it was painted, for a terminal that comes back. */
  #request: ScreenRequest | null = null;
  #isWaiting = false;
  #timer: NodeJS.Timeout | undefined;
  #lastFrameAt = Number.NEGATIVE_INFINITY;
  #paintedAllAt = Number.NEGATIVE_INFINITY;
  /** The rows on the terminal; `null` if they are not known. */
  #rows: readonly string[] | null = null;
  #cursor: PaintedScreen['cursor'] = null;

  /**
   * @param onFailure called when a screen could not be composed
   * @param clock milliseconds that never go back
   */
  constructor(
    terminal: OutputTerminal,
    onFailure: (error: unknown) => void,
    clock: () => number = () => performance.now(),
  ) {
    this.#terminal = terminal;
    this.#onFailure = onFailure;
    this.#clock = clock;
  }

  get size(): TerminalSize {
    const { columns, rows } = this.#terminal;
    return { columns: columns || USUAL_SIZE.columns, rows: rows || USUAL_SIZE.rows };
  }

  onResize(listener: () => void): () => void {
    this.#resizeListeners.add(listener);
    return () => void this.#resizeListeners.delete(listener);
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  /**
   * Takes the terminal, unless it was already given back for good.
   *
   * @param mouse true to have the mouse reported, see `setMouse`
   */
  open({ mouse = false }: { readonly mouse?: boolean } = {}): void {
    if (this.#isOpen || this.#isClosed) return;
    this.#reportsMouse = mouse;
    this.#isOpen = true;
    this.#terminal.on('resize', this.#onResize);
    this.#take();
  }

  /** Switches the reports of the mouse on or off. They stay off while another program has the terminal. */
  setMouse(isOn: boolean): void {
    if (isOn === this.#reportsMouse) return;
    this.#reportsMouse = isOn;
    if (this.#isOpen && this.#lent === 0) this.#terminal.write(isOn ? MOUSE_ON : MOUSE_OFF);
  }

  paint(request: ScreenRequest): void {
    this.#request = request;
    if (!this.#isOpen || this.#isWaiting || this.#lent > 0) return;
    this.#isWaiting = true;
    const wait = this.#lastFrameAt + FRAME_INTERVAL_MS - this.#clock();
    // What the same key changes next belongs to the same frame.
    if (wait <= 0) queueMicrotask(() => this.flush());
    else this.#timer = setTimeout(() => this.flush(), wait);
  }

  /** Returns the lines of the current screen, with their colours; none before the first. */
  get lines(): readonly string[] {
    return this.#rows ?? this.#request?.compose().lines ?? [];
  }

  /** Paints all rows again: another program may have written to the terminal. */
  repaint(): void {
    this.#rows = null;
    this.flush();
  }

  /** Paints the last request now. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#isWaiting = false;
    const request = this.#request;
    if (request === null || !this.#isOpen || this.#lent > 0 || !isSameSize(request.size, this.size)) return;
    try {
      this.#write(request.compose());
      this.#lastFrameAt = this.#clock();
      request.painted();
    } catch (error) {
      this.#onFailure(error);
    }
  }

  /** Gives the terminal to another program while the callback runs. */
  async lend(callback: () => Promise<void>): Promise<void> {
    this.#lent += 1;
    if (this.#lent === 1 && this.#isOpen) this.#release();
    try {
      await callback();
    } finally {
      this.#lent -= 1;
      if (this.#lent === 0 && this.#isOpen) {
        this.#take();
        this.flush();
      }
    }
  }

  /** Resets a terminal that another program may have changed, when there is no time to wait for that program. */
  abandon(): void {
    if (this.#lent > 0 && this.#isOpen) this.#terminal.write(RESET_TERMINAL + LEAVE_ALTERNATE_SCREEN);
    this.close();
  }

  /** Gives the terminal back for good. One that is lent is left to the program that has it. */
  close(): void {
    this.#isClosed = true;
    if (!this.#isOpen) return;
    this.#isOpen = false;
    clearTimeout(this.#timer);
    this.#terminal.off('resize', this.#onResize);
    if (this.#lent === 0) this.#release();
  }

  #take(): void {
    this.#rows = null;
    this.#cursor = null;
    const mouse = this.#reportsMouse ? MOUSE_ON : '';
    this.#terminal.write(ENTER_ALTERNATE_SCREEN + HIDE_CURSOR + BRACKETED_PASTE_ON + mouse);
  }

  #release(): void {
    const mouse = this.#reportsMouse ? MOUSE_OFF : '';
    this.#terminal.write(mouse + BRACKETED_PASTE_OFF + LEAVE_ALTERNATE_SCREEN + SHOW_CURSOR);
  }

  /** A terminal that changes its size may cut, move or reflow what it shows. */
  #resized(): void {
    this.#rows = null;
    for (const listener of this.#resizeListeners) listener();
  }

  #write({ lines, cursor }: PaintedScreen): void {
    const { rows } = this.size;
    if (this.#clock() - this.#paintedAllAt >= FULL_INTERVAL_MS) this.#rows = null;
    if (this.#rows === null) this.#paintedAllAt = this.#clock();
    const shown = lines.slice(0, rows);
    const changed = shown.flatMap((line, y) => (line === this.#rows?.[y] ? [] : [this.#change(line, y)]));
    // A screen that is lower than the terminal leaves no old rows below it.
    if (shown.length < rows && this.#rows?.length !== shown.length) changed.push(moveTo(0, shown.length) + ERASE_BELOW);
    const isCursorMoved = cursor?.x !== this.#cursor?.x || cursor?.y !== this.#cursor?.y;
    if (changed.length === 0 && !isCursorMoved) return;
    // Between the frames the cursor is where the last one put it; writing moves it.
    const place = cursor === null ? '' : moveTo(cursor.x, cursor.y) + SHOW_CURSOR;
    const hidden = this.#cursor === null ? '' : HIDE_CURSOR;
    this.#terminal.write(BEGIN_FRAME + hidden + WRAP_OFF + changed.join('') + WRAP_ON + place + END_FRAME);
    this.#rows = shown;
    this.#cursor = cursor;
  }

  /** Returns what writes a row over the one that is there. */
  #change(line: string, y: number): string {
    const { column, text } = changeOfRow(this.#rows?.[y], line);
    return moveTo(column, y) + ERASE_LINE + withoutBlanks(text);
  }
}

/** @param x and y count from 0 */
function moveTo(x: number, y: number): string {
  return `\u001b[${y + 1};${x + 1}H`;
}

function isSameSize(one: TerminalSize, other: TerminalSize): boolean {
  return one.columns === other.columns && one.rows === other.rows;
}
