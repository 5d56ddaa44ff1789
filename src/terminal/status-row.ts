import { stripVTControlCharacters } from 'node:util';
import type { TerminalSize } from '../domain/painted-screen.ts';
import { createEmulator, type Emulator } from './emulator.ts';
import type { KeptScreen } from './kept-screen.ts';

/** How closely the terminal is compared with the program's screen: by texts, by colours too, or painted anew in any case. */
export type Comparison = 'texts' | 'colours' | 'none';

/**
 * Keeps ocr's line in the row below a program's screen. The program's output goes to the terminal as it is, since only that keeps everything a program can do
 * with a terminal. The program may therefore reach the row: by erasing the screen, by setting margins, by moving below them. So a mirror emulates the
 * terminal, and `repair` paints what differs from what it should show.
 */
export class StatusRow {
  readonly #mirror: Emulator;
  /** Changes of margins that were answered by setting ours. */
  #marginChanges = -1;

  /** @param size of the terminal */
  constructor(size: TerminalSize) {
    this.#mirror = createEmulator(size);
  }

  /** Takes what was written to the terminal. */
  write(output: string | Uint8Array): void {
    this.#mirror.write(output);
  }

  resize({ columns, rows }: TerminalSize): void {
    this.#mirror.resize(columns, rows);
    this.#marginChanges = -1;
  }

  /** Calls back when all is read that was written until now. */
  whenRead(callback: () => void): void {
    this.#mirror.write('', callback);
  }

  /**
   * Returns the output that makes the terminal show the screen with the line below it, for what both have read; empty if it does. `null` if nothing can be
   * painted now: the program is in the middle of a frame, counts rows from its margins, or has left the alternate screen, so that the user's own is shown.
   */
  repair(screen: KeptScreen, line: string, comparison: Comparison): string | null {
    const { active } = this.#mirror.buffer;
    if (!screen.isPaintable || active.type !== 'alternate') return null;
    const isWhole = comparison !== 'none' && screen.isShownBy(active, comparison === 'colours');
    const hasMargins = this.#marginChanges === screen.marginChanges;
    const lastRow = active.getLine(active.baseY + this.#mirror.rows - 1)?.translateToString(true) ?? '';
    const hasLine = lastRow.trimEnd() === stripVTControlCharacters(line).trimEnd();
    if (isWhole && hasMargins && hasLine && screen.hasCursorOf(active)) return '';
    this.#marginChanges = screen.marginChanges;
    return (isWhole ? '' : (screen.repainting ?? '')) + (screen.covering(line) ?? '');
  }

  dispose(): void {
    this.#mirror.dispose();
  }
}
