import { fitText } from '../domain/text-width.ts';

/** Cuts the lines of a table at the terminal's edge; leaves other outputs as they are. */
export function fitToTerminal(text: string): string {
  if (!process.stdout.isTTY) return text;
  return text
    .split('\n')
    .map((line) => fitText(line, process.stdout.columns, '…').trimEnd())
    .join('\n');
}
