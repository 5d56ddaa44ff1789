import { stripVTControlCharacters } from 'node:util';
import type { TerminalSize } from '../domain/painted-screen.ts';
import { createEmulator, type Emulator } from './emulator.ts';
import type { KeptScreen } from './kept-screen.ts';

/** Looks at the interval after which the line is painted in any case: other programs may write to the terminal, and terminals may differ from the mirror. */
const LOOKS_PER_PAINT = 10;

/**
 * Keeps ocr's line in the row below a program's screen. The program's output goes to the terminal as it is, since only that keeps everything a program can do
 * with a terminal. The program may therefore reach the row: by erasing the screen, by setting margins, by moving below them. So a mirror emulates the
 * terminal, and `repair` paints what differs from what it should show.
 */
export class StatusRow {
  readonly #mirror: Emulator;
  /** Changes of margins that were answered by setting ours. */
  #marginChanges = -1;
  /** True until the screen was painted as a whole: the mirror may be wrong. */
  #isUnknown = false;
  /** True if nothing was written since the colours were compared, which takes ten times as long as the texts. */
  #isCompared = false;
  #looks = 0;

  /** @param size of the terminal */
  constructor(size: TerminalSize) {
    this.#mirror = createEmulator(size);
  }

  /** Takes what was written to the terminal. */
  write(output: string | Uint8Array): void {
    this.#isCompared = false;
    this.#mirror.write(output);
  }

  resize({ columns, rows }: TerminalSize): void {
    this.#mirror.resize(columns, rows);
    this.forget();
  }

  /** Has the next repair paint all of the screen, and the cursor's visibility. */
  forget(): void {
    this.#isUnknown = true;
  }

  /** Calls back when all is read that was written until now. */
  whenRead(callback: () => void): void {
    this.#mirror.write('', callback);
  }

  /**
   * Returns the output that makes the terminal show the screen with the line below it, for what both have read; empty if it does. `null` if nothing can be
   * painted now: the program is in the middle of a frame, counts rows from its margins, or has left the alternate screen, so that the user's own is shown.
   *
   * @param isSoon true to compare texts only, right after output
   */
  repair(screen: KeptScreen, line: string, isSoon: boolean): string | null {
    const { active } = this.#mirror.buffer;
    if (!isSoon) this.#looks += 1;
    if (!isSoon && this.#looks % LOOKS_PER_PAINT === 0) this.#marginChanges = -1;
    if (!screen.isPaintable || active.type !== 'alternate') return null;
    const withColours = !isSoon && !this.#isCompared;
    const isWhole = !this.#isUnknown && screen.isShownBy(active, withColours);
    this.#isCompared ||= withColours;
    const hasMargins = this.#marginChanges === screen.marginChanges;
    const lastRow = active.getLine(active.baseY + this.#mirror.rows - 1)?.translateToString(true) ?? '';
    const hasLine = lastRow.trimEnd() === stripVTControlCharacters(line).trimEnd();
    if (isWhole && hasMargins && hasLine && screen.hasCursorOf(active)) return '';
    this.#marginChanges = screen.marginChanges;
    this.#isUnknown = false;
    return (isWhole ? '' : (screen.repainting ?? '')) + (screen.covering(line) ?? '');
  }

  dispose(): void {
    this.#mirror.dispose();
  }
}
