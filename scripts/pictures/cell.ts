import type { IBuffer, IBufferCell } from '@xterm/headless';

/** A cell of a terminal's screen. Colours are `#rrggbb`; `null` is the terminal's own. */
export interface Cell {
  /** One character with all that combines with it; empty for a cell that was never written. */
  readonly text: string;
  /** Columns that it takes: 2 for a wide character, 0 for the cell behind one. */
  readonly width: number;
  readonly foreground: string | null;
  readonly background: string | null;
  readonly bold: boolean;
  readonly italic: boolean;
  readonly underline: boolean;
  readonly inverse: boolean;
}

/** Marks of xterm.js for colours of the palette and for RGB colours. */
const [DEFAULT, RGB] = [0, 3 << 24];

/** Reads the visible rows of a buffer. */
export function readCells(buffer: IBuffer, columns: number, rows: number): Cell[][] {
  const reused = buffer.getNullCell();
  return Array.from({ length: rows }, (_row, row) => {
    const line = buffer.getLine(buffer.baseY + row);
    return Array.from({ length: columns }, (_column, column) => {
      const cell = line?.getCell(column, reused);
      return cell === undefined ? BLANK : cellOf(cell);
    });
  });
}

export const BLANK: Cell = {
  ...{ text: '', width: 1, foreground: null, background: null },
  ...{ bold: false, italic: false, underline: false, inverse: false },
};

/** Returns the text of a row, with a blank for each cell that was never written. */
export function textOf(row: readonly Cell[]): string {
  return row.map(({ text, width }) => (width === 0 ? '' : text || ' ')).join('');
}

function cellOf(cell: IBufferCell): Cell {
  return {
    text: cell.getChars(),
    width: cell.getWidth(),
    foreground: hexOf(cell.getFgColorMode(), cell.getFgColor()),
    background: hexOf(cell.getBgColorMode(), cell.getBgColor()),
    bold: cell.isBold() !== 0,
    italic: cell.isItalic() !== 0,
    underline: cell.isUnderline() !== 0,
    inverse: cell.isInverse() !== 0,
  };
}

function hexOf(mode: number, value: number): string | null {
  if (mode === DEFAULT) return null;
  if (mode !== RGB) throw new Error(`colour ${value} is not RGB: start the program with COLORTERM=truecolor`);
  return `#${value.toString(16).padStart(6, '0')}`;
}
