import { printable } from '../domain/printable.ts';
import { fitText, textWidth } from '../domain/text-width.ts';

/** Returns rows under headings as lines, columns as wide as they need. */
export function formatTable(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = [headings, ...rows].map((row) => row.map(printable));
  const widths = headings.map((_, column) => Math.max(...cells.map((row) => textWidth(row[column] ?? ''))));
  const lines = cells.map((row) =>
    row
      .map((cell, column) => fitText(cell, widths[column] ?? 0, '…'))
      .join('  ')
      .trimEnd(),
  );
  return `${lines.join('\n')}\n`;
}
