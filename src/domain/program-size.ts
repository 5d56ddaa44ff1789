import type { TerminalSize } from './painted-screen.ts';

/** A terminal lower than this has no row to spare. */
const MIN_ROWS_WITH_STATUS = 6;

/** Returns the size of an attached program on a terminal: one row less if ocr's status line is below it. */
export function programSize({ columns, rows }: TerminalSize, hasStatusLine: boolean): TerminalSize {
  return { columns, rows: hasStatusLine && rows >= MIN_ROWS_WITH_STATUS ? rows - 1 : rows };
}
