import { printable } from '../domain/printable.ts';
import { fitText, textWidth } from '../domain/text-width.ts';
import { print } from './output.ts';

/** Prints rows under headings, columns as wide as they need; the last one is cut at the terminal's edge. */
export function printTable(headings: readonly string[], rows: readonly (readonly string[])[]): void {
  const cells = [headings, ...rows].map((row) => row.map(printable));
  const widths = headings.map((_, column) => Math.max(...cells.map((row) => textWidth(row[column] ?? ''))));
  for (const row of cells) {
    const line = row
      .map((cell, column) => fitText(cell, widths[column] ?? 0, '…'))
      .join('  ')
      .trimEnd();
    print(`${process.stdout.isTTY ? fitText(line, process.stdout.columns, '…').trimEnd() : line}\n`);
  }
}
