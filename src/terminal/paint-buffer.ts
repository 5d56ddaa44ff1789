import type { IBuffer, IBufferCell, IBufferLine } from '@xterm/headless';

/** Attributes of a cell with the code that SGR (ECMA-48) has for each. */
const ATTRIBUTES = [
  ['isBold', 1],
  ['isDim', 2],
  ['isItalic', 3],
  ['isUnderline', 4],
  ['isBlink', 5],
  ['isInverse', 7],
  ['isInvisible', 8],
  ['isStrikethrough', 9],
  ['isOverline', 53],
] as const;

/** A character that every terminal gives one column. */
const NARROW = /^[\u0020-\u007e\u00a0-\u024f\u2500-\u259f]$/;

/**
 * Returns output that paints the visible part of a buffer on an empty screen of its size. Positions each row, and the
 * text after any character whose width terminals disagree on, so that nothing shifts. Leaves the attributes of the last
 * character set.
 */
export function paintBuffer(buffer: IBuffer, columns: number, rows: number): string {
  const brush = new Brush(buffer);
  let painted = '';
  for (let row = 0; row < rows; row += 1) {
    const line = buffer.getLine(buffer.baseY + row);
    if (line !== undefined) painted += brush.line(line, row, columns);
  }
  return painted;
}

/**
 * Puts the cursor where the buffer has it. Behind the last column, the next character wraps: only a character in that
 * column leads there.
 */
export function placeCursor(buffer: IBuffer, columns: number): string {
  const row = buffer.cursorY + 1;
  if (buffer.cursorX < columns) return `\u001b[${row};${buffer.cursorX + 1}H`;
  const line = buffer.getLine(buffer.baseY + buffer.cursorY);
  return line === undefined ? '' : new Brush(buffer).last(line, buffer.cursorY, columns);
}

class Brush {
  readonly #cell: IBufferCell;
  #look = '';

  constructor(buffer: IBuffer) {
    this.#cell = buffer.getNullCell();
  }

  line(line: IBufferLine, row: number, columns: number): string {
    let painted = '';
    /** Column that the terminal's cursor is in; `null` where terminals may differ. */
    let at: number | null = null;
    for (let column = 0; column < columns; column += 1) {
      const cell = line.getCell(column, this.#cell);
      if (cell === undefined || isEmpty(cell) || isSecondHalf(cell, line, column)) continue;
      if (at !== column) painted += `\u001b[${row + 1};${column + 1}H`;
      const chars = cell.getChars() || ' ';
      painted += this.#change(cell) + chars;
      at = NARROW.test(chars) ? column + 1 : null;
    }
    return painted;
  }

  /** The last character of a line. */
  last(line: IBufferLine, row: number, columns: number): string {
    let start = columns - 1;
    let cell = line.getCell(start, this.#cell);
    if (cell !== undefined && isSecondHalf(cell, line, start)) {
      start -= 1;
      cell = line.getCell(start, this.#cell);
    }
    const chars = cell?.getChars() || ' ';
    return `\u001b[${row + 1};${start + 1}H${cell === undefined ? '' : this.#change(cell)}${chars}`;
  }

  #change(cell: IBufferCell): string {
    const look = lookOf(cell);
    if (look === this.#look) return '';
    this.#look = look;
    return `\u001b[0${look}m`;
  }
}

/** True if an empty screen would look the same. */
function isEmpty(cell: IBufferCell): boolean {
  return (cell.getChars() === '' || cell.getChars() === ' ') && cell.isAttributeDefault();
}

/**
 * True if the character before has already painted this cell. Inserted text can part the second half of a wide character
 * from its first (seen in xterm.js 6): alone, it looks like a blank of its own colours.
 */
function isSecondHalf(cell: IBufferCell, line: IBufferLine, column: number): boolean {
  return cell.getWidth() === 0 && line.getCell(column - 1)?.getWidth() === 2;
}

function lookOf(cell: IBufferCell): string {
  if (cell.isAttributeDefault()) return '';
  let look = '';
  for (const [name, code] of ATTRIBUTES) if (cell[name]() !== 0) look += `;${code}`;
  if (!cell.isFgDefault()) look += colour(38, cell.getFgColorMode(), cell.getFgColor());
  if (!cell.isBgDefault()) look += colour(48, cell.getBgColorMode(), cell.getBgColor());
  return look;
}

/** xterm.js's marks for the sixteen terminal colours and for RGB colours; all others are of the palette. */
const [SIXTEEN, PARTS] = [1 << 24, 3 << 24];

function colour(code: 38 | 48, mode: number, value: number): string {
  if (mode === PARTS) return `;${code};2;${(value >> 16) & 255};${(value >> 8) & 255};${value & 255}`;
  if (mode !== SIXTEEN) return `;${code};5;${value}`;
  return `;${value < 8 ? code - 8 + value : code + 52 + value - 8}`;
}
