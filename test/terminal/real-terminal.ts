import headless from '@xterm/headless';
import type { TerminalSize } from '../../src/domain/painted-screen.ts';
import { CharacterWidths } from '../../src/terminal/character-width.ts';

export type Real = InstanceType<typeof headless.Terminal>;

/** A terminal in view. */
export function aTerminal(size: TerminalSize = { columns: 20, rows: 6 }): Real {
  const terminal = new headless.Terminal({ cols: size.columns, rows: size.rows, allowProposedApi: true });
  const widths = new CharacterWidths();
  terminal.unicode.register(widths);
  terminal.unicode.activeVersion = widths.version;
  return terminal;
}

/** Resolves when the terminal has read it. */
export const write = (terminal: Real, text: string | Uint8Array) =>
  new Promise<void>((resolve) => terminal.write(text, resolve));

/** All that can be seen of a terminal, with its looks. */
export function seen(terminal: Real): string[] {
  const { active } = terminal.buffer;
  const cell = active.getNullCell();
  return Array.from({ length: terminal.rows }, (_, row) => {
    const line = active.getLine(active.baseY + row);
    let isWide = false;
    return Array.from({ length: terminal.cols }, (_, column) => {
      line?.getCell(column, cell);
      // The emulator leaves the second half of a wide character whose first half was overwritten: it looks like a blank.
      const isHalf = isWide && cell.getWidth() === 0;
      isWide = cell.getWidth() === 2;
      const look = [
        cell.isBold(),
        cell.isDim(),
        cell.isItalic(),
        cell.isUnderline(),
        cell.isBlink(),
        cell.isInverse(),
        cell.isInvisible(),
        cell.isStrikethrough(),
        cell.isOverline(),
        cell.getFgColorMode(),
        cell.getFgColor(),
        cell.getBgColorMode(),
        cell.getBgColor(),
      ].map(Number);
      return `${isHalf ? '' : cell.getChars() || ' '}${look.some((part) => part !== 0 && part !== -1) ? look.join() : ''}`;
    }).join('|');
  });
}

export const cursor = ({ buffer }: Real) => [buffer.active.cursorX, buffer.active.cursorY];
